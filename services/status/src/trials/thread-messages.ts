import type { Platform } from '@stellwerk/contracts';
import type { Flow } from '@stellwerk/flows';
import type { ParameterFault } from '../http/problem.js';
import type { EventsAsked } from './given-body.js';

export type TrialKind = 'lint' | 'test' | 'backtest';

/** What a backtest compares with. */
export interface InForce {
  flows: readonly Flow[];
  connections: Readonly<Record<string, Platform>>;
}

/** What the thread is given when it begins. */
export interface TrialOrder {
  kind: TrialKind;
  /** As it came. */
  body: string;
  /** Of a backtest. */
  inForce?: InForce;
}

/** Some stored events, newest first; `last`: there are no more, or there are but `limit` is reached. */
export interface EventsPage {
  items: readonly unknown[];
  end?: 'all' | 'limit';
}

/** From the thread: it wants the next events, it has the answer (as JSON), or it was asked something that it refuses. */
export type ThreadSays =
  | { says: 'next'; asked: EventsAsked }
  | { says: 'answer'; json: string }
  | { says: 'refused'; status: number; detail: string; errors?: ParameterFault[] };
