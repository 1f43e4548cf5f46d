import { shortType } from '@stellwerk/contracts';
import type { Timing } from '../timing.js';
import type { Decision } from './decide.js';
import type { DispatchState, Dispatch } from './dispatch.types.js';

type Open = Extract<DispatchState, 'PENDING' | 'UNKNOWN' | 'TRIGGERED'>;

const WORDS: Readonly<Record<Open, string>> = {
  PENDING: 'it is tried again',
  UNKNOWN: 'the answer to the call was lost, and what became of it is being looked up',
  TRIGGERED: 'the platform took it and has not told its run yet',
};

/** Another one each time, and over before many have read it: without it the same is told once, however long that lasts. */
const UNTIL = / until \d{4}-\d\d-\d\dT[\d:.]+Z/;

const isOpen = (state: DispatchState): state is Open => state in WORDS;

/** Why the command is not settled, in words for a person; undefined where that is no news or goes before anybody has read it. */
const delayOf = ({ change, event }: Decision, dispatch: Dispatch, now: Date, { tellMs }: Timing['delay']): string | undefined => {
  const { state, nextAt } = change;
  if (event || nextAt === null || nextAt <= now || dispatch.unknownToldAt || change.unknownToldAt || !isOpen(state)) return undefined;
  const since = (state === 'PENDING' ? undefined : (change.calledAt ?? dispatch.calledAt)) ?? dispatch.createdAt;
  if (nextAt.getTime() - since.getTime() < tellMs) return undefined;
  const reason = (change.reason ?? dispatch.reason)?.replace(UNTIL, '');
  return reason === undefined ? WORDS[state] : `${WORDS[state]}: ${reason}`;
};

/** The same is told once. Looks come often and each may say something else (`expires in 4.9 s`): of those not every one is told. */
const isNews = (reason: string, { change }: Decision, { outcome, state }: Dispatch, now: Date, { againMs }: Timing['delay']): boolean => {
  if (!outcome || shortType(outcome.type) !== 'trigger.delayed') return true;
  if (outcome.data.reason === reason) return false;
  return change.state !== state || now.getTime() - Date.parse(outcome.time) >= againMs;
};

/**
 * Adds to a decision that leaves a command open for long why that is, so that its step can show it. Commands of no step (reports, cancels)
 * have nobody who would read it; of an UNKNOWN that a person was told of all is said.
 */
export const tellDelay = (decision: Decision, dispatch: Dispatch, { now, timing: { delay } }: { now: Date; timing: Pick<Timing, 'delay'> }): Decision => {
  const { purpose } = dispatch.command;
  if (purpose !== 'run' && purpose !== 'rollback') return decision;
  const reason = delayOf(decision, dispatch, now, delay);
  if (reason === undefined || !isNews(reason, decision, dispatch, now, delay)) return decision;
  return { ...decision, event: { type: 'trigger.delayed', outcome: { reason } } };
};
