import { cloudEvent, polledEventId, type CloudEvent, type PlatformEvent } from '@stellwerk/contracts';
import type { PolledEvent } from '../adapter.js';
import type { WatchedRun } from './watch.repository.js';

/** What a poll saw, as the event a hook would have made: the same fact, with the command that started the run. */
export const eventOfPoll = (polled: PolledEvent, run: WatchedRun, now: Date): CloudEvent<PlatformEvent> =>
  cloudEvent<PlatformEvent>({
    id: polledEventId(run.connection, polled.fact),
    source: `/connections/${run.connection}`,
    type: polled.type,
    subject: polled.subject,
    time: now,
    correlationId: run.ourRunId,
    causationId: run.commandId,
    fact: polled.fact,
    data: { ...polled.data, correlation: run.commandId },
  });

export const isPolled = (event: CloudEvent<PlatformEvent>): boolean => event.id === polledEventId(event.data.connection, event.fact);
