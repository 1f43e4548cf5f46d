import { attemptsOf, giveUp } from './activity.js';
import { FLOW_TIMER } from './flow-clock.js';
import { stopListening } from './gates/waits.js';
import { moveRun } from './moves.js';
import type { Draft } from './plan.js';
import { updateReports } from './report.js';
import { isQueued } from './slots.js';

/** Puts the run into its end state. */
export const finishRun = (draft: Draft, state: 'succeeded' | 'failed' | 'cancelled' | 'rolled-back', reason?: string): void => {
  const { run } = draft;
  moveRun(run, state);
  if (reason === undefined) delete run.reason;
  else run.reason = reason;
  run.finishedAt = draft.facts.now.toISOString();
  if (!isQueued(run)) run.startedAt ??= run.finishedAt;
  for (const { attempt } of attemptsOf(draft)) if (attempt.state === 'unknown') giveUp(draft, attempt);
  draft.effects.push({ kind: 'clear-timer', key: FLOW_TIMER });
  stopListening(draft);
  if (state === 'succeeded') draft.effects.push({ kind: 'ledger-good' });
  updateReports(draft);
};
