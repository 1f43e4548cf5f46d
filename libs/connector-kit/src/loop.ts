import { Logger } from '@nestjs/common';
import { messageOf } from '@stellwerk/service-kit';

/** A round that failed is followed by the next so soon. */
const FAILED_MS = 1_000;
const LONGEST_MS = 60_000;

/** Does one thing again and again until it is stopped. A round that fails is logged and followed by the next. */
export class Loop {
  readonly #log = new Logger('loop');
  #running: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  /** When the next round comes, ms since 1970. */
  #next = 0;
  #wake: (() => void) | undefined;
  #stopped = false;

  /** `round` gives the time until the next one, in ms; `name` is the log event of a failed one, e.g. `sweep.failed`. */
  constructor(
    private readonly name: string,
    private readonly round: () => Promise<number>,
  ) {}

  get stopped(): boolean {
    return this.#stopped;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** The next round comes at once; when one is on, right after it. */
  soon(): void {
    this.by(0);
  }

  /** The next round comes at that time (ms since 1970) at the latest. */
  by(at: number): void {
    if (at >= this.#next) return;
    this.#next = at;
    if (this.#wake) this.#arm(this.#wake);
  }

  /** Resolves when the round that is on has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.soon();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#next = Infinity;
      const waitMs = await this.#once();
      // What was asked for while the round was on may come sooner.
      this.#next = Math.min(this.#next, Date.now() + waitMs);
      if (!this.#stopped) await this.#pause();
    }
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#arm(resolve);
    });
    this.#wake = undefined;
  }

  #arm(wake: () => void): void {
    clearTimeout(this.#timer);
    const waitMs = this.#next - Date.now();
    if (waitMs <= 0) wake();
    else this.#timer = setTimeout(wake, Math.min(waitMs, LONGEST_MS));
  }

  async #once(): Promise<number> {
    try {
      return await this.round();
    } catch (error) {
      this.#log.warn({ err: error, reason: messageOf(error) }, this.name);
      return FAILED_MS;
    }
  }
}
