import { resolve } from 'node:path';
import { Logger } from '@nestjs/common';
import type { ResourceFile } from '@stellwerk/flows';
import { backoff, messageOf, sleep } from '@stellwerk/service-kit';
import type { KeptSets } from './kept-sets.js';
import { packFiles, unpackFiles } from './pack-files.js';

const PATIENCE = { baseMs: 1_000, factor: 2, maxMs: 30_000 };
const DAY_MS = 24 * 3_600_000;
/** A machine may be off for a holiday; what nobody has used for longer is of a try, or of a folder that has moved. */
const UNUSED_DAYS = 90;

/** Who is told to stop right after a change may still write it, but waits for no store that is away. */
const LAST_WORDS_MS = 2_000;

interface Waiting {
  revision: string;
  files: readonly ResourceFile[];
  /** By `performance.now()`. */
  since: number;
}

/** What is in force here, as it is kept. */
interface Kept {
  revision: string;
  content: Uint8Array;
  /** When it came into force, by `performance.now()`; negative when that was before this process. */
  since: number;
}

export interface LastSet {
  revision: string;
  files: ResourceFile[];
  ageSeconds: number;
}

/** Keeps what comes into force for the next start. It is in nobody's way: while the store is away it says so and tries again. */
export class SetKeeper {
  readonly #log = new Logger('config');
  readonly #stopping = new AbortController();
  // The path as it is written and not what its links lead to: a directory that is swapped by a link stays the same one.
  readonly #key: string;
  #waiting: Waiting | undefined;
  #writing: Promise<void> | undefined;
  #kept: Kept | undefined;
  #confirming: Promise<void> | undefined;

  constructor(
    private readonly kept: KeptSets,
    private readonly directory: string,
  ) {
    this.#key = resolve(directory);
  }

  /** Returns at once. A set that still waits gives way to the next one. */
  keep(revision: string, files: readonly ResourceFile[]): void {
    this.#waiting = { revision, files, since: performance.now() };
    this.#writing ??= this.#write();
  }

  /** The set of this directory that was in force last, in any replica. Throws while the store is away. */
  async last(): Promise<LastSet | undefined> {
    const found = await this.kept.newest(this.#key);
    if (!found) return undefined;
    const { revision, ageSeconds, content } = found;
    this.#kept = { revision, content, since: performance.now() - ageSeconds * 1_000 };
    return { revision, ageSeconds, files: await unpackFiles(this.directory, content) };
  }

  /**
   * From now on says daily that the directory is in use, and deletes what is kept of those that nobody has used for 90 days. Returns at once; while
   * the store is away it is tried again.
   */
  start(): void {
    this.#confirming ??= this.#confirm();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const patience = new AbortController();
    await Promise.race([Promise.all([this.#writing, this.#confirming]), sleep(LAST_WORDS_MS, patience.signal)]);
    patience.abort();
  }

  async #write(): Promise<void> {
    for (let failures = 0; this.#waiting && !this.#stopping.signal.aborted;) {
      failures = (await this.#once(this.#waiting, failures)) ? 0 : failures + 1;
      if (failures > 0) await sleep(backoff({ attempt: failures, ...PATIENCE }), this.#stopping.signal);
    }
    // In the same step as the look at what waits: a set that comes now begins anew.
    this.#writing = undefined;
  }

  async #confirm(): Promise<void> {
    for (let failures = 0; !this.#stopping.signal.aborted;) {
      failures = (await this.#confirmOnce(failures)) ? 0 : failures + 1;
      await sleep(failures > 0 ? backoff({ attempt: failures, ...PATIENCE }) : DAY_MS, this.#stopping.signal);
    }
  }

  async #confirmOnce(failures: number): Promise<boolean> {
    try {
      if (!(await this.kept.confirm(this.#key))) await this.#restore();
      const directories = await this.kept.forgetUnused(this.#key, UNUSED_DAYS);
      if (directories.length > 0) this.#log.log({ directories, days: UNUSED_DAYS }, 'config.forgotten');
      return true;
    } catch (error) {
      if (failures === 0) this.#log.warn({ reason: messageOf(error) }, 'config.not-confirmed');
      return false;
    }
  }

  /** What is in force here is not there any more: read after a pause of months, it may have been deleted before it was confirmed. */
  async #restore(): Promise<void> {
    if (!this.#kept || this.#waiting) return;
    const { revision, content, since } = this.#kept;
    await this.kept.keep(this.#key, { revision, content, ageSeconds: (performance.now() - since) / 1_000 });
  }

  async #once(set: Waiting, failures: number): Promise<boolean> {
    const { revision, files, since } = set;
    try {
      const content = await packFiles(this.directory, files);
      this.#kept = { revision, content, since };
      const written = await this.kept.keep(this.#key, { revision, content, ageSeconds: (performance.now() - since) / 1_000 });
      if (this.#waiting === set) this.#waiting = undefined;
      if (written || failures > 0) this.#log.log({ revision, bytes: content.length }, 'config.kept');
      return true;
    } catch (error) {
      if (failures === 0) this.#log.warn({ revision, reason: messageOf(error) }, 'config.not-kept');
      return false;
    }
  }
}
