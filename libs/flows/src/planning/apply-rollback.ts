import type { PlannedUndo } from '@stellwerk/contracts';
import { isFinalRun, moveRun } from './moves.js';
import type { Draft } from './plan.js';
import { planRollback } from './plan-rollback.js';
import { revive } from './revive.js';
import { beginRollback } from './rollback.js';
import { isQueued } from './slots.js';
import { leaveGroup } from './step-slot.js';
import { endPending, stopActivities } from './stop-work.js';

/**
 * A person's order: what runs is cancelled, then everything that was done is undone; what was rolled back before is left alone.
 * Where nothing can be undone the run stays as it is, and the refusal says why.
 */
export const applyRollback = (draft: Draft, by: string): void => {
  const { run } = draft;
  if (run.state === 'rolling-back') return void (draft.refusal = { detail: 'the run is rolling back already' });
  const { steps } = planRollback(run, draft.flow, draft.facts);
  if (!steps.some(({ undo }) => undo)) return void (draft.refusal = { detail: nothingToUndo(steps) });
  const reason = `rollback ordered by ${by}`;
  if (isFinalRun(run.state)) {
    run.rollbacks = (run.rollbacks ?? 0) + 1;
    draft.effects.push({ kind: 'ledger-doubt' });
  } else stopAll(draft, reason);
  // What is left to be done needs no place in the group.
  if (isQueued(run)) leaveGroup(draft);
  revive(draft);
  moveRun(run, 'rolling-back');
  beginRollback(draft, reason);
};

const stopAll = (draft: Draft, reason: string): void => {
  stopActivities(draft, 'cancelled', reason, []);
  endPending(draft, ['run'], { outcome: 'cancelled', reason });
};

const nothingToUndo = (steps: readonly PlannedUndo[]): string => {
  if (steps.length === 0) return 'there is nothing to roll back: no step has done anything';
  return `nothing can be rolled back: ${steps.map(({ step, reason }) => `${step} (${reason})`).join(', ')}`;
};
