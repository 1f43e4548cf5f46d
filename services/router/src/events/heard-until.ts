import { Injectable } from '@nestjs/common';
import { CONSUMERS, STREAMS } from '@stellwerk/contracts';
import { StreamReader } from '@stellwerk/messaging';

const CONSUMER = CONSUMERS.find(({ service, stream }) => service === 'router' && stream === STREAMS.events.name)!.name;

/** One event that no router can handle must not stop the clocks of all others. */
const PATIENCE_MS = 600_000;

/**
 * The time until which all events were handled. Nobody may say that something has not come while it may still lie in the
 * stream: after a pause there are hours of it.
 */
@Injectable()
export class HeardUntil {
  #until = new Date(0);
  #movedAt = new Date();

  constructor(private readonly stream: StreamReader) {}

  /** Throws StoreAwayError: while the broker is away nothing is heard. */
  async run(now: Date): Promise<Date> {
    const until = await this.stream.settledUntil(STREAMS.events.name, CONSUMER, now);
    if (until > this.#until) [this.#until, this.#movedAt] = [until, now];
    return now.getTime() - this.#movedAt.getTime() > PATIENCE_MS ? now : until;
  }
}
