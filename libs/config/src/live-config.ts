import { createHash } from 'node:crypto';
import type { ServiceName } from '@stellwerk/contracts';
import { formatFault, type Fault } from '@stellwerk/flows';
import { ConfigFault } from '@stellwerk/service-kit';
import { faultsOf, hasErrors, hasResources, nothingThere } from './config-faults.js';
import type { ConfigReport } from './config-report.js';
import { parseContent, type LoadedDirectory } from './load-directory.js';
import { readDirectory, type DirectoryContent } from './read-directory.js';
import { Resources } from './resources.js';
import { restoreSet, type RestoredSet } from './restore-set.js';
import type { Secrets } from './secrets.js';
import type { SetKeeper } from './set-keeper.js';

export interface LiveConfigOptions {
  directory: string;
  service: ServiceName;
  secrets: Secrets;
  report: ConfigReport;
  /** Keeps what comes into force beyond this process. Without it an invalid directory is always refused at the start. */
  keeper?: SetKeeper;
}

/** One config directory as one service uses it: loaded whole at the start, and again whenever its files change. */
export class LiveConfig {
  /** Files with faults of their own stay refused until they change; those that only name an unset secret may be judged anew. */
  #hopeless = false;

  private constructor(
    private readonly options: LiveConfigOptions,
    readonly resources: Resources,
    private seen: string,
  ) {}

  /**
   * Files that are refused, or gone, leave the last valid set in force, where one is kept; else throws ConfigFault with
   * every fault, unset secrets too. Throws an Error when the files are refused and the store is away.
   */
  static async load(options: LiveConfigOptions): Promise<LiveConfig> {
    const content = await readDirectory(options.directory);
    const loaded = parseContent(content);
    const faults = refusalOf(loaded, options);
    const restored = faults.length > 0 || content.files.length === 0 ? await restore(faults, options) : undefined;
    if (!restored && faults.length > 0) throw new ConfigFault(faults.map(formatFault));
    const live = new LiveConfig(options, new Resources((restored ?? loaded).resources), fingerprint(content));
    live.#hopeless = hasErrors(loaded);
    options.report.inForce(restored ?? loaded, restored?.ageSeconds);
    if (restored) live.#refuse(faults.length > 0 ? faults : [nothingThere(options.directory)], true);
    else live.#agreed(loaded);
    return live;
  }

  /**
   * Reads the files again: a valid change is put in force as one whole, another one is refused and said once. What has
   * not changed is not parsed: with thousands of flows that takes seconds.
   */
  async reload(): Promise<void> {
    const content = await readDirectory(this.options.directory);
    const seen = fingerprint(content);
    const unchanged = seen === this.seen;
    this.seen = seen;
    if (!unchanged || (this.resources.lastError() !== undefined && !this.#hopeless)) this.#judge(parseContent(content), !unchanged);
    this.options.report.look();
  }

  #judge(loaded: LoadedDirectory, isNews: boolean): void {
    this.#hopeless = hasErrors(loaded);
    const faults = refusalOf(loaded, this.options);
    const gone = loaded.files.length === 0 && hasResources(this.resources.current());
    if (faults.length > 0 || gone) this.#refuse(faults.length > 0 ? faults : [nothingThere(this.options.directory)], isNews);
    else this.#accept(loaded);
  }

  #accept(loaded: LoadedDirectory): void {
    const before = this.resources.current().revision;
    this.resources.replace(loaded.resources);
    if (before !== loaded.resources.revision) this.options.report.inForce(loaded);
    this.#agreed(loaded);
  }

  #agreed({ resources, files }: LoadedDirectory): void {
    this.options.report.agreed(resources);
    this.options.keeper?.keep(resources.revision, files);
  }

  #refuse(faults: Fault[], isNews: boolean): void {
    this.resources.refuse(faults);
    this.options.report.refused(faults, this.resources.current(), isNews);
  }
}

const refusalOf = (loaded: LoadedDirectory, { service, secrets }: LiveConfigOptions): Fault[] => faultsOf(loaded, service, secrets);

/** An empty directory is a fault only beside a set that had something in it: a first start may begin with nothing. */
const restore = async (faults: Fault[], options: LiveConfigOptions): Promise<RestoredSet | undefined> => {
  const reasons = faults.length > 0 ? faults : [nothingThere(options.directory)];
  const restored = options.keeper && await restoreSet(options.keeper, reasons, (loaded) => refusalOf(loaded, options));
  return restored && (faults.length > 0 || hasResources(restored.resources)) ? restored : undefined;
};

/** What was read, files that could not be included: the same again is no change. */
const fingerprint = ({ files, faults }: DirectoryContent): string => {
  const hash = createHash('sha256');
  for (const { path, text } of files) hash.update(`${path}\0${text.length}\0${text}`);
  return hash.update(JSON.stringify(faults)).digest('hex');
};
