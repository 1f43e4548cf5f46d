import { watch, type FSWatcher } from 'node:fs';
import { Logger } from '@nestjs/common';

export interface WatchTimes {
  /** Quiet time after an event before the files are read: editors and mounts change several at once. */
  settleMs: number;
  /** How often they are read without any event: events get lost on network file systems and behind symbolic links. */
  recheckMs: number;
}

const TIMES: WatchTimes = { settleMs: 200, recheckMs: 5000 };

/** Calls `read` after changes below a directory, one call at a time, and every now and then in any case. */
export class DirectoryWatcher {
  readonly #log = new Logger('config');
  #events: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading = false;
  #stopped = false;

  constructor(
    private readonly directory: string,
    private readonly read: () => Promise<void>,
    private readonly times: WatchTimes = TIMES,
  ) {}

  start(): void {
    this.#listen();
    this.#schedule(this.times.recheckMs);
  }

  stop(): void {
    this.#stopped = true;
    this.#events?.close();
    clearTimeout(this.#timer);
  }

  /** A ConfigMap's swap is a rename in the directory itself, so its event arrives although the files are links. */
  #listen(): void {
    try {
      this.#events = watch(this.directory, { recursive: true, persistent: false }, () => this.#changed());
      this.#events.on('error', (error) => this.#deaf(error));
    } catch (error) {
      this.#deaf(error);
    }
  }

  #deaf(error: unknown): void {
    this.#events?.close();
    this.#events = undefined;
    this.#log.warn({ err: error, recheckMs: this.times.recheckMs }, 'config.watch-lost');
  }

  #changed(): void {
    if (!this.#reading) this.#schedule(this.times.settleMs);
    else this.#again = true;
  }

  #again = false;

  #schedule(afterMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#run(), afterMs).unref();
  }

  async #run(): Promise<void> {
    this.#reading = true;
    this.#again = false;
    if (!this.#events) this.#listen();
    try {
      await this.read();
    } catch (error) {
      // Whoever stops the watcher stops the reading too.
      if (!this.#stopped) this.#log.error({ err: error }, 'config.read-failed');
    }
    this.#reading = false;
    this.#schedule(this.#again ? this.times.settleMs : this.times.recheckMs);
  }
}
