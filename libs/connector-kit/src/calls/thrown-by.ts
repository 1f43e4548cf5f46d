import { HttpFailure } from '@stellwerk/http';
import { Held, NeverSent, NotReady, NotSent, OutcomeUnknown } from './call.errors.js';

/** What our own rules forbid, or we withheld ourselves, says nothing about the platform's health. */
export const innocent = (error: unknown): boolean => error instanceof HttpFailure && (error.kind === 'blocked' || error.kind === 'withheld');

/** An error that tells what became of a call. */
export const isCallError = (error: unknown): error is Error =>
  [Held, NotSent, NeverSent, NotReady, OutcomeUnknown].some((kind) => error instanceof kind);

/** What a failed exchange means for the call. */
export const thrownBy = (error: unknown): unknown => {
  if (!(error instanceof HttpFailure)) {
    return (error as NodeJS.ErrnoException).code === 'ETIMEDOUT' ? new OutcomeUnknown('no answer in time', { cause: error }) : error;
  }
  if (error.kind === 'blocked') return new NeverSent(error.message, { cause: error });
  return error.phase === 'not-sent' ? new NotSent(error.message, { cause: error }) : new OutcomeUnknown(error.message, { cause: error });
};
