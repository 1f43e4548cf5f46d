import { Injectable } from '@nestjs/common';
import { consumerOf, STREAMS, type CloudEvent } from '@stellwerk/contracts';
import { Database } from '@stellwerk/database';
import type { EventContext } from '@stellwerk/flows';
import { ReceivedMessage, StreamReader, type KeptMessage } from '@stellwerk/messaging';
import { PermanentError } from '@stellwerk/service-kit';
import { readEvent } from '../events/read-event.js';
import { digestsOf } from './awaited-digest.js';
import { EventWaitsRepository } from './event-waits.repository.js';
import { WaitGapsRepository, type WaitGap } from './wait-gaps.repository.js';

const EVENTS = STREAMS.events.name;
const CONSUMER = consumerOf('router', EVENTS).name;

/** Undefined: none of a platform, or one that cannot be read and is a dead letter elsewhere. */
const platformEvent = ({ subject, headers, body, sequence }: KeptMessage): EventContext | undefined => {
  try {
    const message = new ReceivedMessage({ subject, headers, body, sequence, deliveries: 1, signal: new AbortController().signal });
    const heard = readEvent(message.cloudEvent() as CloudEvent);
    return heard.kind === 'platform' ? heard.event : undefined;
  } catch (error) {
    if (error instanceof PermanentError) return undefined;
    throw error;
  }
};

/**
 * Which events runs may have missed: what was handed out behind the message that began the run, up to now. Whatever is handed out later is
 * handled by somebody who sees that the run waits.
 */
@Injectable()
export class FindMissed {
  constructor(
    private readonly database: Database,
    private readonly stream: StreamReader,
    private readonly gaps: WaitGapsRepository,
    private readonly waits: EventWaitsRepository,
  ) {}

  /** By run, in the order of the stream for each type of event. Whether they fit is the run's to say, and it takes each once. Throws StoreAwayError. */
  async run(gaps: readonly WaitGap[]): Promise<Map<string, EventContext[]>> {
    const until = await this.stream.deliveredUpTo(EVENTS, CONSUMER);
    const open = new Map(gaps.filter(({ from }) => from <= until).map(({ run, from }) => [run, from]));
    const found = new Map<string, EventContext[]>();
    if (open.size === 0) return found;
    const [awaited, templates] = await Promise.all([this.gaps.waits(this.database, [...open.keys()]), this.waits.templates(this.database)]);
    for (const [type, waits] of Map.groupBy(awaited, (wait) => wait.type)) {
      const first = Math.min(...waits.map(({ run }) => open.get(run)!));
      for await (const { event, sequence } of this.#events(type, first, until)) {
        const digests = new Set(digestsOf(event, templates));
        const runs = new Set(waits.filter(({ run, digest }) => digests.has(digest) && sequence >= open.get(run)!).map(({ run }) => run));
        for (const run of runs) found.set(run, [...(found.get(run) ?? []), event]);
      }
    }
    return found;
  }

  async *#events(type: string, first: number, until: number): AsyncGenerator<{ event: EventContext; sequence: number }> {
    for (let sequence = first; sequence <= until;) {
      const message = await this.stream.next(EVENTS, sequence, `events.*.${type}`);
      if (!message || message.sequence > until) return;
      const event = platformEvent(message);
      if (event) yield { event, sequence: message.sequence };
      sequence = message.sequence + 1;
    }
  }
}
