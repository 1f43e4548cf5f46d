import { isDeepStrictEqual } from 'node:util';
import type { ServiceName } from '@stellwerk/contracts';
import { formatFault, type Fault } from '@stellwerk/flows';
import { ConfigFault } from '@stellwerk/service-kit';
import { faultsOf, hasErrors, hasResources, nothingThere } from './config-faults.js';
import type { ConfigReport } from './config-report.js';
import { ContentParser, type LoadedDirectory } from './load-directory.js';
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
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<void> | undefined;

  private constructor(
    private readonly options: LiveConfigOptions,
    readonly resources: Resources,
    private readonly parser: ContentParser,
    private seen: DirectoryContent,
  ) {}

  /**
   * Files that are refused, or gone, leave the last valid set in force, where one is kept; else throws ConfigFault with
   * every fault, unset secrets too. Throws an Error when the files are refused and the store is away.
   */
  static async load(options: LiveConfigOptions): Promise<LiveConfig> {
    const content = await readDirectory(options.directory);
    const parser = new ContentParser();
    const loaded = await parser.parse(content);
    const faults = refusalOf(loaded, options);
    const restored = faults.length > 0 || content.files.length === 0 ? await restore(faults, options, parser) : undefined;
    if (!restored && faults.length > 0) throw new ConfigFault(faults.map(formatFault));
    const live = new LiveConfig(options, new Resources((restored ?? loaded).resources), parser, content);
    live.#hopeless = hasErrors(loaded);
    options.report.inForce(restored ?? loaded, restored?.ageSeconds);
    if (restored) live.#refuse(faults.length > 0 ? faults : [nothingThere(options.directory)], true);
    else live.#agreed(loaded);
    return live;
  }

  /**
   * Reads the files again: a valid change is put in force as one whole, another one is refused and said once. One goes after the
   * other, so that none puts back what a later one has read; whoever asks while one is under way waits for one that begins after it.
   * Throws when it is stopped.
   */
  reload(): Promise<void> {
    this.#next ??= this.#after(this.#running);
    return this.#next;
  }

  /** Nothing comes into force any more. */
  stop(): void {
    this.parser.stop();
  }

  #after(running: Promise<unknown>): Promise<void> {
    const next = running.then(() => {
      this.#next = undefined;
      return this.#read();
    });
    this.#running = Promise.allSettled([next]);
    return next;
  }

  async #read(): Promise<void> {
    const content = await readDirectory(this.options.directory);
    const unchanged = isSame(content, this.seen);
    if (!unchanged || (this.resources.lastError() !== undefined && !this.#hopeless)) this.#judge(await this.parser.parse(content), !unchanged);
    if (!unchanged) this.seen = content;
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
const restore = async (faults: Fault[], options: LiveConfigOptions, parser: ContentParser): Promise<RestoredSet | undefined> => {
  const reasons = faults.length > 0 ? faults : [nothingThere(options.directory)];
  const restored = options.keeper && await restoreSet(options.keeper, reasons, { parser, check: (loaded) => refusalOf(loaded, options) });
  return restored && (faults.length > 0 || hasResources(restored.resources)) ? restored : undefined;
};

/** What was read, files that could not be included: the same again is no change. */
const isSame = ({ files, faults }: DirectoryContent, seen: DirectoryContent): boolean =>
  files.length === seen.files.length && files.every(({ path, text }, at) => path === seen.files[at]!.path && text === seen.files[at]!.text)
  && isDeepStrictEqual(faults, seen.faults);
