import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';

/** What is to be done about a failed publish: `again` within the budget, `away` at once, or `refused` for good. */
export type PublishFailure = { then: 'again' | 'away' | 'refused'; reason: string };

const TOO_LARGE = 10_054;

/** The client calls this `JetStreamNotEnabled`, which it seldom is. */
const hasNoResponders = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof errors.RequestError && error.cause.isNoResponders();

/** Which of the three a publish error means. */
export function publishFailure(error: unknown, subject: string): PublishFailure {
  if (error instanceof errors.ClosedConnectionError || error instanceof errors.DrainingConnectionError) {
    return { then: 'away', reason: 'the NATS connection is closed' };
  }
  if (error instanceof errors.TimeoutError) return { then: 'again', reason: 'no answer from the stream in time' };
  if (hasNoResponders(error)) {
    return { then: 'again', reason: `nobody takes "${subject}": a leader is being elected, or no stream has this subject (run the declare job)` };
  }
  if (error instanceof JetStreamApiError) return apiFailure(error);
  if (error instanceof errors.InvalidArgumentError || error instanceof errors.InvalidSubjectError) {
    return { then: 'refused', reason: error.message };
  }
  // A permission that is missing comes back when an operator mends it: the message waits.
  return { then: 'again', reason: error instanceof Error ? error.message : String(error) };
}

/** A full stream (`discard: new`) and a busy server are back-pressure: the message is fine and waits. */
const apiFailure = (error: JetStreamApiError): PublishFailure =>
  error.code === TOO_LARGE ? { then: 'refused', reason: error.message } : { then: 'again', reason: error.message };
