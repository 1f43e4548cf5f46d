import { render } from '../expressions/render.js';
import { startFlowClock } from './flow-clock.js';
import { finishRun } from './finish.js';
import type { Draft } from './plan.js';
import type { Work } from './run-record.js';
import { startScope } from './scope.js';
import { flowSlot, isQueued, shownHolders, shownKey, type SlotHolder } from './slots.js';
import { endPending, stopActivities } from './stop-work.js';

const groupOf = (draft: Draft, group: string): string => {
  const value = render(group, { ...startScope(draft), env: draft.run.env });
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  throw new Error(`expected text, got ${JSON.stringify(value)}`);
};

const fullText = (group: string, holders: readonly SlotHolder[] | undefined): string =>
  holders?.length ? `group "${shownKey(group)}" is full: ${shownHolders(holders)} ${holders.length === 1 ? 'is' : 'are'} in it` : `others wait before it in group "${shownKey(group)}"`;

/**
 * Asks for the run's place in its group. The group is rendered once, at the start, and throws what rendering throws; a run that goes on after its
 * end asks again in the same group.
 * An answer to the question brings the group along: `now()` in it may give another text each time.
 */
export const claimRunSlot = (draft: Draft): void => {
  const { run, flow: { concurrency }, facts, effects } = draft;
  if (!concurrency) return;
  const answer = facts.slots?.[''];
  const group = run.slot?.group ?? answer?.key ?? groupOf(draft, concurrency.group);
  const ask = { ...flowSlot(run.flow, group), limit: concurrency.limit, whenFull: concurrency.whenFull };
  if (answer?.given ?? facts.slots === undefined) {
    run.slot = { group, state: 'held' };
    effects.push({ kind: 'take-slot', ask });
    return;
  }
  run.slot = { group, state: 'waits' };
  run.reason = fullText(group, answer?.hasTurn ? undefined : answer?.holders);
  effects.push({ kind: 'wait-slot', ask });
};

/** A run that found its group full and does not wait: it is recorded, and never began. */
export const dropIfFull = (draft: Draft): void => {
  const { holders, hasTurn } = draft.facts.slots?.[''] ?? {};
  if (isQueued(draft.run) && holders && !hasTurn && draft.flow.concurrency?.whenFull === 'drop') dropQueued(draft, holders);
};

/** The place is its own: the run begins. */
export const beginQueued = (draft: Draft): void => {
  const { run, flow: { concurrency }, effects } = draft;
  if (!run.slot || !isQueued(run) || !concurrency) return;
  run.slot = { ...run.slot, state: 'held' };
  delete run.reason;
  effects.push({ kind: 'take-slot', ask: { ...flowSlot(run.flow, run.slot.group), limit: concurrency.limit, whenFull: concurrency.whenFull } });
  startFlowClock(draft);
};

/**
 * Ends a run that has not begun; its steps never start, whatever their conditions say. One that was retried may still follow what ran before.
 * `unknown`: of which work UNKNOWNs are ended too: a person's cancel means them, a full group does not.
 */
export const leaveQueue = (draft: Draft, reason: string, unknown: readonly Work[] = []): void => {
  stopActivities(draft, 'cancelled', reason, unknown);
  endPending(draft, ['run'], { outcome: 'cancelled', reason });
  finishRun(draft, 'cancelled', reason);
};

export const dropQueued = (draft: Draft, holders: readonly SlotHolder[]): void => {
  if (isQueued(draft.run)) leaveQueue(draft, `dropped: ${fullText(draft.run.slot!.group, holders)}`);
};

/** Others are in the group than when the run came. */
export const retellQueued = (draft: Draft, holders: readonly SlotHolder[]): void => {
  if (isQueued(draft.run)) draft.run.reason = fullText(draft.run.slot!.group, holders);
};
