import { Injectable } from '@nestjs/common';
import { cloudEvent, polledEventId, subjects, type CloudEvent, type PlatformEvent } from '@stellwerk/contracts';
import { Database, OutboxRelay, type Queryable } from '@stellwerk/database';
import { eventMessage } from '@stellwerk/messaging';
import type { PolledEvent } from '../adapter.js';

/** What a sweep saw of somebody else's run, as the event a hook would have made: the same fact, so that it starts nothing twice. */
const eventOf = ({ type, subject, fact, data }: PolledEvent, now: Date): CloudEvent<PlatformEvent> => {
  const id = polledEventId(data.connection, fact);
  return cloudEvent<PlatformEvent>({ id, source: `/connections/${data.connection}`, type, subject, time: now, correlationId: id, causationId: id, fact, data });
};

/** Tells, through the outbox, what no hook has told. */
@Injectable()
export class TellMissed {
  constructor(
    private readonly database: Database,
    private readonly relay: OutboxRelay,
  ) {}

  /** `note` keeps, in the same transaction, that they are told. */
  async run(events: readonly PolledEvent[], note: (tx: Queryable) => Promise<void>): Promise<void> {
    const messages = events.map((event) => eventMessage(subjects.event(event.data.platform, event.type), eventOf(event, new Date())));
    const enqueued = await this.database.transaction(async (tx) => {
      await note(tx);
      return this.relay.enqueue(tx, messages);
    });
    await this.relay.publish(enqueued);
  }
}
