import { isActive } from './moves.js';
import type { Draft } from './plan.js';
import type { RunRecord, StepRecord } from './run-record.js';

export const FLOW_TIMER = 'flow:timeout';

/** The time of the whole run counts from now on: at its start, and once more when its rollback begins. */
export const startFlowClock = (draft: Draft): void => count(draft, draft.flow.timeoutMs);

const count = ({ run, facts, effects }: Draft, ms: number): void => {
  const due = new Date(facts.now.getTime() + ms);
  run.clock = { due: due.toISOString() };
  setTimer(effects, due);
};

const setTimer = (effects: Draft['effects'], due: Date): void => void effects.push({ kind: 'set-timer', key: FLOW_TIMER, due, timer: { kind: 'flow-timeout' } });

/** Time in which nothing but people, or the end of a freeze, is awaited does not count: neither is the flow's to hurry. */
export const keepFlowClock = (draft: Draft): void => {
  const { run, facts, effects } = draft;
  if (run.timedOut) return;
  const stands = stillStands(run);
  if (stands && run.clock?.leftMs === undefined) {
    run.clock = { leftMs: Math.max(0, dueOf(draft) - facts.now.getTime()) };
    effects.push({ kind: 'clear-timer', key: FLOW_TIMER });
  } else if (!stands && run.clock?.leftMs !== undefined) count(draft, run.clock.leftMs);
};

/** False when its clock was set anew, or stopped, since it struck. */
export const isFlowOver = (draft: Draft): boolean => draft.run.clock?.leftMs === undefined && dueOf(draft) <= draft.facts.now.getTime();

/** It strikes at its time, whatever had it strike before: that took it from the clocks that are looked at. */
export const resetFlowClock = ({ run: { clock }, effects }: Draft): void => {
  if (clock?.due !== undefined) setTimer(effects, new Date(clock.due));
};

/** Runs that began under a version that did not note it have counted since their start. */
const dueOf = ({ run, flow }: Draft): number => (run.clock?.due === undefined ? Date.parse(run.createdAt) + flow.timeoutMs : Date.parse(run.clock.due));

const isOurs = ({ run }: StepRecord): boolean => isActive(run.state) || run.state === 'unknown' || (run.state === 'waiting' && !isHeldUp(run));

const isHeldUp = ({ gate }: StepRecord['run']): boolean => gate?.kind === 'approval' || gate?.kind === 'freeze';

const stillStands = ({ steps }: RunRecord): boolean => steps.some(({ run }) => isHeldUp(run)) && !steps.some(isOurs);
