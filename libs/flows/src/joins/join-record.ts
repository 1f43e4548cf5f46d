import { factByJobs } from '@stellwerk/contracts';
import type { EventContext } from '../model.js';
import type { Chain } from '../planning/run-record.js';

/** One part that has come. */
export interface PartRecord {
  name: string;
  event: EventContext;
  /** Of runs that the event goes back to, as a run that it starts would have it. */
  chain: Chain;
}

/** All that is known of the events of one (flow, join, key): plain JSON, changed by `takePart` and `closeJoin` only. */
export interface JoinRecord {
  /** `joinId` of the three. */
  id: string;
  flow: string;
  /** `Join.id`. */
  join: string;
  key: string;
  /** `over`: no round is open; the next new event begins one. */
  state: 'open' | 'complete' | 'over';
  /** Of this round, in the order in which they came. */
  parts: PartRecord[];
  /** Names of facts of this round and of those before, the last ones: whoever tells one again begins nothing. */
  seen: string[];
  /** Of this round, RFC 3339. */
  openedAt: string;
  endsAt: string;
  /** The run that this round has started. */
  run?: string;
}

/** What a fact may be called by whoever tells it (ADR 24), the name that stays first. */
export const factNames = (event: EventContext): string[] => {
  const byJobs = factByJobs(event);
  return byJobs === undefined ? [event.fact] : [byJobs, event.fact];
};
