import type { Command } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { TIMING } from '../timing.js';
import { decideLooked, decideSent, type Circumstances, type Decision } from './decide.js';
import type { Dispatch } from './dispatch.types.js';
import { tellDelay } from './tell-delay.js';
import { triggerEvent } from './trigger-event.js';

const now = new Date('2026-11-30T09:00:00Z');
const ago = (ms: number): Date => new Date(now.getTime() - ms);
const of: Circumstances = { now, timing: TIMING, follows: true, keyOf: ({ id }) => id, pollEveryMs: 1_000 };
const LONG = TIMING.delay.tellMs;

const dispatch = (over: Partial<Dispatch> = {}, command: Partial<Command> = {}): Dispatch => ({
  commandId: 'r:s:run:1', connection: 'c', lane: 'l', state: 'DISPATCHING', attempt: 3, fence: '4', carrier: true, looks: 0, trace: {}, createdAt: ago(LONG),
  command: { run: 'r', flow: 'f', step: 's', purpose: 'run', n: 1, connection: 'c', platform: 'gitlab', action: 'a', with: {}, await: true, ...command },
  ...over,
});

const told = (decision: Decision, one: Dispatch): string | undefined => {
  const { event } = tellDelay(decision, one, of);
  return event?.type === 'trigger.delayed' ? event.outcome.reason : undefined;
};
const notStarted = (one: Dispatch, reason = 'pipeline 5 still runs'): string | undefined => told(decideSent({ kind: 'again', reason, waitMs: 2_000 }, one, of), one);
/** The same dispatch after that was told of it so long ago. */
const after = (one: Dispatch, reason: string, ms: number): Dispatch => ({ ...one, outcome: triggerEvent('trigger.delayed', one, { reason }, ago(ms)) });

describe('why a command takes so long', () => {
  it('is told when it waits longer than nobody would wonder about, once per reason', () => {
    expect(notStarted(dispatch({ createdAt: now, attempt: 1 }))).toBeUndefined();
    const reason = notStarted(dispatch());
    expect(reason).toBe('it is tried again: pipeline 5 still runs');
    expect(notStarted(after(dispatch(), reason!, 600_000))).toBeUndefined();
    expect(notStarted(after(dispatch(), reason!, 1_000), 'the circuit breaker is open')).toBe('it is tried again: the circuit breaker is open');
  });

  it('is told at once of what will not be tried for long', () => {
    const held = dispatch({ createdAt: now, attempt: 1 });
    expect(told(decideSent({ kind: 'again', reason: 'rate limited', at: new Date(now.getTime() + 600_000) }, held, of), held)).toBe('it is tried again: rate limited');
  });

  it('is told once while a limit moves on, without a time that is over before it is read', () => {
    const limited = (minute: string) => `rate limited until 2026-11-30T09:${minute}:00.000Z`;
    const reason = notStarted(dispatch(), limited('01'));
    expect(reason).toBe('it is tried again: rate limited');
    expect(notStarted(after(dispatch(), reason!, 600_000), limited('02'))).toBeUndefined();
  });

  it('is told of a lost answer that the look-ups do not explain soon, long before it is UNKNOWN for a person', () => {
    const unknown = dispatch({ state: 'UNKNOWN', calledAt: ago(2_000), createdAt: ago(3_000), reason: 'no answer within 12 s' });
    expect(told(decideLooked({ kind: 'absent' }, unknown, of), unknown)).toMatch(/answer to the call was lost.*looked up: no answer within 12 s$/);
    const several = { ...unknown, calledAt: ago(8_000), looks: 2 };
    expect(told(decideLooked({ kind: 'cannot', reason: '2 builds could be this one' }, several, of), several)).toMatch(/looked up: 2 builds could be this one$/);
  });

  it('is told of a place in the queue, and what changes with each look not each time', () => {
    const queued = dispatch({ state: 'TRIGGERED', handle: '12', calledAt: ago(60_000), looks: 9 });
    const reason = told(decideLooked({ kind: 'waiting', reason: 'ETA 5 min' }, queued, of), queued)!;
    expect(reason).toBe('the platform took it and has not told its run yet: ETA 5 min');
    const wait = (ms: number): string | undefined => told(decideLooked({ kind: 'waiting', reason: 'ETA 4 min' }, queued, of), after(queued, reason, ms));
    expect(wait(TIMING.delay.againMs - 1)).toBeUndefined();
    expect(wait(TIMING.delay.againMs)).toContain('ETA 4 min');
  });

  it('is not told of what has no step, of what a person was told of, and in place of an end', () => {
    expect(notStarted(dispatch({}, { purpose: 'report' }))).toBeUndefined();
    expect(notStarted(dispatch({}, { purpose: 'cancel' }))).toBeUndefined();
    expect(notStarted(dispatch({}, { purpose: 'rollback' }))).toBeDefined();
    const asked = dispatch({ state: 'UNKNOWN', calledAt: ago(300_000), unknownToldAt: ago(100_000) });
    expect(told(decideLooked({ kind: 'cannot', reason: 'x' }, asked, of), asked)).toBeUndefined();
    const late = dispatch({ createdAt: ago(TIMING.resend.giveUpAfterMs + 1) });
    expect(tellDelay(decideSent({ kind: 'again', reason: 'still runs', waitMs: 2_000 }, late, of), late, of).event)
      .toMatchObject({ type: 'trigger.rejected', outcome: { rejection: 'error', reason: expect.stringContaining('still runs') } });
  });

  it('has an id for each time it is told, which comes from what told it', () => {
    const ids = ['4', '5', '4'].map((fence) => triggerEvent('trigger.delayed', dispatch({ fence }), { reason: 'x' }, now).id);
    expect(ids).toEqual(['r:s:run:1:delayed:4', 'r:s:run:1:delayed:5', 'r:s:run:1:delayed:4']);
  });
});

describe('what was not started', () => {
  it('is tried again after pauses that grow from what its platform takes, up to a minute more', () => {
    const pause = (attempt: number): number => {
      const { nextAt } = decideSent({ kind: 'again', reason: 'busy', waitMs: 5_000 }, dispatch({ attempt }), of).change;
      return nextAt!.getTime() - now.getTime();
    };
    for (const attempt of [1, 2, 3, 20]) {
      const most = 5_000 + Math.min(TIMING.resend.maxMs, 5_000 * TIMING.resend.factor ** (attempt - 1));
      expect(pause(attempt)).toBeGreaterThanOrEqual(5_000);
      expect(pause(attempt)).toBeLessThanOrEqual(most);
    }
    const cancel = dispatch({ attempt: 20 }, { purpose: 'cancel' });
    expect(decideSent({ kind: 'again', reason: 'busy', waitMs: 5_000 }, cancel, of).change.nextAt).toEqual(new Date(now.getTime() + 5_000));
    // Full jitter: of forty late pauses the longest is longer than what the first can be.
    expect(Math.max(...Array.from({ length: 40 }, () => pause(20)))).toBeGreaterThan(10_000);
  });
});
