import type { Join, WhenMissing } from '../model.js';
import { missingParts, partsOf } from './join-cause.js';
import type { JoinRecord } from './join-record.js';

export interface ClosedJoin {
  /** Without the parts of the round that is over. */
  record: JoinRecord;
  /** What follows from the round: as the flow says where parts are missing, `start` where none is any more. */
  then: WhenMissing;
  missing: string[];
}

/** What becomes of a round when its time is over. `join`: as it is now; undefined when the flow has it no more. Pure. */
export const closeJoin = (record: JoinRecord, join: Join | undefined): ClosedJoin => {
  const closed: JoinRecord = { ...record, state: 'over', parts: [] };
  // Nothing of a join that was taken out, or of which nothing came, concerns anyone.
  if (record.state !== 'open' || !join || partsOf(record, join).length === 0) return { record: closed, then: 'ignore', missing: [] };
  const missing = missingParts(record, join);
  return { record: closed, then: missing.length === 0 ? 'start' : join.missing, missing };
};
