import { atTime } from '../expressions/clock.js';
import type { Flow } from '../model.js';
import { applyAnswer, applyDelay } from './apply-answer.js';
import { applyCancel, applyResend, applyResolve } from './apply-order.js';
import { applyPlatformRun } from './apply-platform-run.js';
import { applyMakeRoom, applySlot } from './apply-slot.js';
import { applyRetry } from './apply-retry.js';
import { applyRollback } from './apply-rollback.js';
import { applyTimer } from './apply-timer.js';
import { conclude } from './conclude.js';
import { applyVote } from './gates/apply-vote.js';
import { applyEvent } from './gates/waits.js';
import { noteReads } from './history/note-reads.js';
import type { Draft, Plan, PlanFacts, PlanInput } from './plan.js';
import { updateReports } from './report.js';
import { copyOf } from './copy-run.js';
import type { RunRecord } from './run-record.js';
import { dropQueued, retellQueued } from './run-slot.js';
import { settle } from './settle.js';
import { retellStep } from './step-slot.js';

const apply = (draft: Draft, input: PlanInput): void => {
  switch (input.kind) {
    case 'accepted':
    case 'rejected':
    case 'unknown':
      return applyAnswer(draft, input);
    case 'delayed':
      return applyDelay(draft, input.result);
    case 'platform-run':
      return applyPlatformRun(draft, input.state);
    case 'timer':
      return applyTimer(draft, input.timer);
    case 'cancel':
      return applyCancel(draft, input.by);
    case 'resolve':
      return applyResolve(draft, input);
    case 'resend':
      return applyResend(draft, input.command);
    case 'note':
      draft.run.notes = [...new Set([...draft.run.notes, input.text])];
      return;
    case 'vote':
      return applyVote(draft, input);
    case 'event':
      return applyEvent(draft, input.event);
    case 'slot':
      return applySlot(draft, input.step);
    case 'slot-holders':
      return input.step === undefined ? retellQueued(draft, input.holders) : retellStep(draft, input.step, input.holders);
    case 'make-room':
      return applyMakeRoom(draft, input.newer);
    case 'drop':
      return dropQueued(draft, input.holders);
    case 'retry':
      return applyRetry(draft, input.by);
    case 'rollback':
      return applyRollback(draft, input.by);
  }
};

/**
 * What becomes of a run when something happened to it, and what is to be done about it. Pure: `run` stays as it is.
 * `flow` is the run's own revision. An order that does not fit the run's state changes nothing and gives a `refusal`.
 */
export const advance = (run: RunRecord, flow: Flow, inputs: readonly PlanInput[], facts: PlanFacts): Plan => {
  const noted = noteReads(facts, flow);
  const draft: Draft = { run: copyOf(run), flow, facts: noted.facts, effects: [] };
  atTime(facts.now, () => {
    for (const input of inputs) {
      apply(draft, input);
      settle(draft);
    }
  });
  updateReports(draft);
  return { ...conclude(run, draft), read: noted.read };
};
