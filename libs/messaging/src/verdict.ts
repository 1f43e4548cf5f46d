import { PermanentError, RetryableError, StoreAwayError, messageOf } from '@stellwerk/service-kit';
import { redeliveryDelay } from './redelivery-delay.js';

/** What becomes of a delivery. `hold`: a store is away; keep the message and try again in place. */
export type Verdict =
  | { outcome: 'done' }
  | { outcome: 'retry'; delayMs: number; reason: string }
  | { outcome: 'dead'; reason: string }
  | { outcome: 'hold'; reason: string };

/** A verdict that ends the delivery. */
export type Settling = Exclude<Verdict, { outcome: 'hold' }>;

export const DONE: Settling = { outcome: 'done' };

/** What an error of a handler means for its message. An error of no known class may pass: it is tried again. */
export function verdictOf(error: unknown, deliveries: number): Verdict {
  if (error instanceof PermanentError) return { outcome: 'dead', reason: messageOf(error) };
  if (error instanceof StoreAwayError) return { outcome: 'hold', reason: messageOf(error) };
  const retryAfterMs = error instanceof RetryableError ? error.retryAfterMs : undefined;
  return { outcome: 'retry', delayMs: redeliveryDelay(deliveries, retryAfterMs), reason: messageOf(error) };
}
