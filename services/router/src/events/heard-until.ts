import { Injectable, Logger } from '@nestjs/common';
import { consumerOf, STREAMS } from '@stellwerk/contracts';
import { StreamReader } from '@stellwerk/messaging';
import { StoreAwayError } from '@stellwerk/service-kit';
import { HeardTime } from './heard-time.js';

const CONSUMER = consumerOf('router', STREAMS.events.name).name;

/**
 * Until when all events were handled. Nobody may say that something has not come while it may still lie in the
 * stream: after a pause there are hours of it.
 */
@Injectable()
export class HeardUntil {
  readonly #log = new Logger('events');
  readonly #time = new HeardTime();

  constructor(private readonly stream: StreamReader) {}

  async run(now: Date): Promise<Date> {
    return this.#time.look(await this.#settled(now), now);
  }

  async #settled(now: Date): Promise<Date | undefined> {
    try {
      return await this.stream.settledUntil(STREAMS.events.name, CONSUMER, now);
    } catch (error) {
      if (!(error instanceof StoreAwayError)) throw error;
      this.#log.debug({ reason: error.message }, 'events.not-heard');
      return undefined;
    }
  }
}
