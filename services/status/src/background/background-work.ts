import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { RetryableError, backoff, messageOf, sleep } from '@stellwerk/service-kit';

const LONGEST_PAUSE_MS = 10_000;

/**
 * Something done again and again beside requests and messages, never twice at once here; trouble makes the pauses
 * longer. A provider made from it begins and ends with the application.
 */
export class BackgroundWork implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('background');
  readonly #name: string;
  readonly #everyMs: number;
  readonly #work: (signal: AbortSignal) => Promise<unknown>;
  readonly #stopping = new AbortController();
  #pause = new AbortController();
  #running: Promise<void> | undefined;

  /** `work` should end soon when the signal is given. */
  constructor(name: string, everyMs: number, work: (signal: AbortSignal) => Promise<unknown>) {
    this.#name = name;
    this.#everyMs = everyMs;
    this.#work = work;
  }

  onApplicationBootstrap(): void {
    this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** The next round begins at once, or right after the one that runs. */
  wake(): void {
    this.#pause.abort();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted;) {
      this.#pause = new AbortController();
      failures = (await this.#once(signal)) ? 0 : failures + 1;
      const longer = failures === 0 ? 0 : backoff({ attempt: failures, baseMs: this.#everyMs, factor: 2, maxMs: LONGEST_PAUSE_MS });
      // While a store is away, being woken by every order would only ask it more often.
      await sleep(this.#everyMs + longer, failures === 0 ? AbortSignal.any([signal, this.#pause.signal]) : signal);
    }
  }

  async #once(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#work(signal);
      return true;
    } catch (error) {
      const level = error instanceof RetryableError ? 'warn' : 'error';
      this.#log[level]({ work: this.#name, reason: messageOf(error) }, 'background.failed');
      return false;
    }
  }
}
