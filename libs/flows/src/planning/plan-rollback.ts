import type { PlannedUndo, RollbackPlan } from '@stellwerk/contracts';
import type { Flow } from '../model.js';
import { copyOf } from './copy-run.js';
import { dependentsOf, stepOf } from './graph.js';
import { isActive, isFinalRun } from './moves.js';
import type { Draft, PlanFacts } from './plan.js';
import { isRolledBack, mayHaveHappened, supersededBy } from './rollback.js';
import type { RunRecord, StepRecord } from './run-record.js';
import { renderWith } from './start-work.js';
import { endPending, stopActivities } from './stop-work.js';

/** What an order to roll the run back would do now, step by step, in its order. Changes nothing. */
export const planRollback = (run: RunRecord, flow: Flow, facts: PlanFacts): RollbackPlan => {
  const draft: Draft = { run: copyOf(run), flow, facts, effects: [] };
  const cancels = run.steps.filter((step) => isActive(step.run.state)).map(({ name }) => name);
  if (!isFinalRun(run.state)) {
    stopActivities(draft, 'cancelled', 'rollback', []);
    endPending(draft, ['run'], { outcome: 'cancelled', reason: 'rollback' });
  }
  // What is good is read anew by each rollback.
  delete draft.run.rollback;
  const steps = draft.run.steps.filter((step) => isRolledBack(step) || mayHaveHappened(step));
  return { cancels, steps: inOrder(flow, steps).map((step) => plannedUndo(draft, step)) };
};

/** A step's turn comes when all that depend on it had theirs. */
const inOrder = (flow: Flow, steps: readonly StepRecord[]): StepRecord[] => {
  const left = new Map(steps.map((step) => [step.name, step]));
  const ordered: StepRecord[] = [];
  while (left.size > 0) {
    const next = [...left.values()].filter(({ name }) => !dependentsOf(flow, name).some((other) => left.has(other)));
    for (const step of next) left.delete(step.name);
    ordered.push(...next);
  }
  return ordered;
};

const plannedUndo = (draft: Draft, step: StepRecord): PlannedUndo => {
  const { rollback, environment } = stepOf(draft.flow, step.name);
  const base = { step: step.name, ...(environment !== undefined && { environment }), ...(rollback && { uses: `${rollback.uses.connection}/${rollback.uses.action}` }) };
  const no = (reason: string): PlannedUndo => ({ ...base, undo: false, reason });
  if (!rollback) return no('it has no rollback');
  if (isRolledBack(step)) return no('it was rolled back already');
  const newer = supersededBy(draft, step);
  if (newer !== undefined) return no(newer);
  const rendered = renderWith(draft, step.name, 'rollback');
  return 'problem' in rendered ? no(rendered.problem) : { ...base, undo: true, with: rendered.with };
};
