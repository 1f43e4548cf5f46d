import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { ServiceName } from '@stellwerk/contracts';
import { formatFault, sortFaults, type Fault } from '@stellwerk/flows';
import { ConfigFault } from '@stellwerk/service-kit';
import { parseContent, type LoadedDirectory } from './load-directory.js';
import { readDirectory, type DirectoryContent } from './read-directory.js';
import { Resources } from './resources.js';
import { secretFaults } from './secret-faults.js';
import type { Secrets } from './secrets.js';

/** What forbids the service to use the directory: errors in it, and secrets of its own that are not set. */
const faultsOf = (loaded: LoadedDirectory, service: ServiceName, secrets: Secrets): Fault[] =>
  sortFaults([...loaded.faults.filter(({ severity }) => severity === 'error'), ...secretFaults(loaded.secrets, secrets, { service })]);

/** One config directory as one service uses it: loaded whole at the start, and again whenever its files change. */
export class LiveConfig {
  readonly #log = new Logger('config');

  private constructor(
    private readonly directory: string,
    private readonly service: ServiceName,
    private readonly secrets: Secrets,
    readonly resources: Resources,
    private seen: string,
  ) {}

  /** Throws ConfigFault with every fault, unset secrets too. */
  static async load(directory: string, service: ServiceName, secrets: Secrets): Promise<LiveConfig> {
    const content = await readDirectory(directory);
    const loaded = parseContent(content);
    const faults = faultsOf(loaded, service, secrets);
    if (faults.length > 0) throw new ConfigFault(faults.map(formatFault));
    const live = new LiveConfig(directory, service, secrets, new Resources(loaded.resources), fingerprint(content));
    live.#loaded(loaded);
    return live;
  }

  /**
   * Reads the files again: a valid change is put in force as one whole, another one is refused and said once. What has
   * not changed is not parsed: with thousands of flows that takes seconds.
   */
  async reload(): Promise<void> {
    const content = await readDirectory(this.directory);
    const seen = fingerprint(content);
    const unchanged = seen === this.seen;
    this.seen = seen;
    if (unchanged && this.resources.lastError() === undefined) return;
    const loaded = parseContent(content);
    const faults = faultsOf(loaded, this.service, this.secrets);
    if (faults.length > 0) this.#refuse(faults, unchanged);
    else this.#accept(loaded);
  }

  #accept(loaded: LoadedDirectory): void {
    const before = this.resources.current().revision;
    this.resources.replace(loaded.resources);
    if (before !== loaded.resources.revision) this.#loaded(loaded);
  }

  #refuse(faults: Fault[], unchanged: boolean): void {
    this.resources.refuse(faults);
    if (unchanged) return;
    const inForce = this.resources.current().revision;
    this.#log.error({ faults: faults.map(formatFault), inForce }, 'config.refused');
  }

  #loaded({ resources, faults }: LoadedDirectory): void {
    const { revision, connections, flows, channels, environments } = resources;
    const counts = [connections, flows, channels, environments].map((record) => Object.keys(record).length);
    this.#log.log({ revision, connections: counts[0], flows: counts[1], channels: counts[2], environments: counts[3] }, 'config.loaded');
    for (const fault of faults) this.#log.warn({ fault: formatFault(fault) }, 'config.warning');
  }
}

/** What was read, files that could not be included: the same again is no change. */
const fingerprint = ({ files, faults }: DirectoryContent): string => {
  const hash = createHash('sha256');
  for (const { path, text } of files) hash.update(`${path}\0${text.length}\0${text}`);
  return hash.update(JSON.stringify(faults)).digest('hex');
};
