import { PermanentError, messageOf } from '@stellwerk/service-kit';
import { Held, LaneBusy, NeverSent, NoRoom, NotReady, NotSent, OutcomeUnknown, ReadFailed, Refused } from '../calls/call.errors.js';
import type { Sent } from '../adapter.js';
import type { SendOutcome } from './decide.js';

/** A configuration or a secret that is seconds late is asked for so often. */
const NOT_READY_RETRY_MS = 2_000;
/** The table is asked for it as soon as there is room. */
export const NO_ROOM_RETRY_MS = 100;

/**
 * What a thrown error says about a send; `marked`: the call that starts something may have been made. Whatever is not proven to be
 * harmless is unknown. Undefined for errors that are none of a call.
 */
export const outcomeOfError = (error: unknown, marked: boolean, now: Date): SendOutcome | undefined => {
  if (error instanceof ReadFailed) return outcomeOfRead(error, marked);
  if (error instanceof Held) return { kind: 'again', reason: error.message, at: error.until };
  if (error instanceof NotReady) return { kind: 'again', reason: error.message, at: new Date(now.getTime() + NOT_READY_RETRY_MS) };
  if (error instanceof NoRoom) return { kind: 'again', reason: error.message, at: new Date(now.getTime() + NO_ROOM_RETRY_MS) };
  if (error instanceof NotSent) return { kind: 'again', reason: error.message };
  if (error instanceof LaneBusy) return { kind: 'lane-busy', reason: error.message };
  if (error instanceof NeverSent) return { kind: 'error', reason: error.message };
  if (error instanceof Refused) return { kind: 'refused', reason: error.message };
  if (error instanceof PermanentError) return { kind: 'refused', reason: messageOf(error) };
  if (error instanceof OutcomeUnknown) return { kind: 'unknown', reason: error.message, at: error.until };
  return undefined;
};

const outcomeOfRead = (error: ReadFailed, marked: boolean): SendOutcome => {
  if (marked) return { kind: 'unknown', reason: error.message };
  if (error.cause instanceof NeverSent) return { kind: 'error', reason: error.message };
  return { kind: 'again', reason: error.message, at: error.until };
};

export const outcomeOfSent = (sent: Sent): SendOutcome =>
  sent.kind === 'not-started' ? { kind: 'again', reason: sent.reason, waitMs: sent.retryMs } : sent;
