import { Logger } from '@nestjs/common';
import type { ServiceName } from '@stellwerk/contracts';
import { formatFault, sortFaults, type Fault } from '@stellwerk/flows';
import { ConfigFault } from '@stellwerk/service-kit';
import { loadDirectory, type LoadedDirectory } from './load-directory.js';
import { Resources } from './resources.js';
import { secretFaults } from './secret-faults.js';
import type { Secrets } from './secrets.js';

/** What forbids the service to use the directory: errors in it, and secrets of its own that are not set. */
const faultsOf = (loaded: LoadedDirectory, service: ServiceName, secrets: Secrets): Fault[] =>
  sortFaults([...loaded.faults.filter(({ severity }) => severity === 'error'), ...secretFaults(loaded.secrets, secrets, { service })]);

/** One config directory as one service uses it: loaded whole at the start, and again whenever its files change. */
export class LiveConfig {
  readonly #log = new Logger('config');
  #seen: string;

  private constructor(
    private readonly directory: string,
    private readonly service: ServiceName,
    private readonly secrets: Secrets,
    first: LoadedDirectory,
    readonly resources: Resources,
  ) {
    this.#seen = fingerprint(first);
    this.#loaded(first);
  }

  /** Throws ConfigFault with every fault, unset secrets too. */
  static async load(directory: string, service: ServiceName, secrets: Secrets): Promise<LiveConfig> {
    const loaded = await loadDirectory(directory);
    const faults = faultsOf(loaded, service, secrets);
    if (faults.length > 0) throw new ConfigFault(faults.map(formatFault));
    return new LiveConfig(directory, service, secrets, loaded, new Resources(loaded.resources));
  }

  /** Reads the files again: a valid change is put in force as one whole, another one is refused and said once. */
  async reload(): Promise<void> {
    const loaded = await loadDirectory(this.directory);
    const seen = fingerprint(loaded);
    const unchanged = seen === this.#seen;
    this.#seen = seen;
    if (unchanged && this.resources.lastError() === undefined) return;
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
const fingerprint = ({ files, faults }: LoadedDirectory): string => JSON.stringify([files, faults]);
