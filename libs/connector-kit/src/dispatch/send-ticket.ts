import { failpointForMany } from '@stellwerk/service-kit';
import type { SendGuard } from '../calls/platform-request.js';
import { elapsedMs, type Moment } from './moment.js';

/**
 * The right to make the call of one dispatch. It is given by a committed "sent" under lease and fence, and is good for the first
 * part of the lease only, so that the call is over before anybody may take the dispatch over. That is told at the moment of the
 * first byte and by our own clocks: a process that stood still in between, for whatever reason, sends nothing.
 */
export class SendTicket implements SendGuard {
  #good: { since: Moment; forMs: number } | undefined;
  #unused = false;
  #touched = false;

  /** `mark` commits "sent" and calls `grant`. */
  constructor(
    private readonly mark: (ticket: SendTicket) => Promise<void>,
    private readonly onWithheld: () => void,
  ) {}

  /** True once a call was about to go out: what was not proven harmless since then is unknown. */
  get touched(): boolean {
    return this.#touched;
  }

  /** `since`: a moment before the statement that took the lease. */
  grant(since: Moment, forMs: number): void {
    this.#good = { since, forMs };
    this.#unused = true;
  }

  async beforeSend(): Promise<void> {
    if (!this.#unused) await this.mark(this);
    this.#unused = false;
    this.#touched = true;
    await failpointForMany('connector.before-send');
  }

  maySend(): boolean {
    const may = this.#good !== undefined && elapsedMs(this.#good.since) < this.#good.forMs;
    if (!may) this.onWithheld();
    return may;
  }
}
