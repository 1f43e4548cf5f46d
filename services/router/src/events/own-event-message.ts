import { cloudEvent, subjects, type JoinMissing } from '@stellwerk/contracts';
import type { OutboxMessage } from '@stellwerk/database';
import type { EventContext } from '@stellwerk/flows';
import { eventMessage } from '@stellwerk/messaging';
import { traceHeaders } from '@stellwerk/service-kit';

const SOURCE = '/services/router';

/** An event of our own, as everybody else hears of it; the run that it starts is started already. */
export const ownEventMessage = ({ id, type, fact, ...data }: EventContext, run: string): OutboxMessage => ({
  ...eventMessage(subjects.event('router', type), cloudEvent({
    id, source: SOURCE, type, subject: run, time: new Date(data.occurredAt), correlationId: run, causationId: id, fact, data,
  })),
  trace: traceHeaders(),
});

/** A round of a join is over, and not all of it came. */
export const missingMessage = (data: JoinMissing): OutboxMessage => {
  const id = `${data.join}:${data.endedAt}:missing`;
  return {
    ...eventMessage(subjects.event('router', 'join.missing'), cloudEvent<JoinMissing>({
      id, source: SOURCE, type: 'join.missing', subject: data.join, time: new Date(data.endedAt), correlationId: data.join, causationId: data.came.at(-1)!.event, data,
    })),
    trace: traceHeaders(),
  };
};
