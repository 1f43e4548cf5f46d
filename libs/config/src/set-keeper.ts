import { resolve } from 'node:path';
import { Logger } from '@nestjs/common';
import type { ResourceFile } from '@stellwerk/flows';
import { backoff, messageOf, sleep } from '@stellwerk/service-kit';
import type { KeptSets } from './kept-sets.js';
import { packFiles, unpackFiles } from './pack-files.js';

const PATIENCE = { baseMs: 1_000, factor: 2, maxMs: 30_000 };
/** Who is told to stop right after a change may still write it, but waits for no store that is away. */
const LAST_WORDS_MS = 2_000;

interface Waiting {
  revision: string;
  files: readonly ResourceFile[];
  /** By `performance.now()`. */
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
    return { revision, ageSeconds, files: await unpackFiles(this.directory, content) };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const patience = new AbortController();
    await Promise.race([this.#writing, sleep(LAST_WORDS_MS, patience.signal)]);
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

  async #once(set: Waiting, failures: number): Promise<boolean> {
    const { revision, files, since } = set;
    try {
      const content = await packFiles(this.directory, files);
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
