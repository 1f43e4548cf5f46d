import type { Command } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { TIMING } from '../timing.js';
import { decideLooked, decideSent, type Circumstances } from './decide.js';
import type { Dispatch } from './dispatch.types.js';

const now = new Date('2026-11-24T09:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const run = { id: '7', attempt: 1, repository: 'acme/shop', url: 'https://x/7' };
const of: Circumstances = { now, timing: TIMING, follows: true, keyOf: ({ id }) => `key/${id}`, pollEveryMs: 1_000 };

const dispatch = (over: Partial<Dispatch> = {}, command: Partial<Command> = {}): Dispatch => ({
  commandId: 'r:s:run:1', connection: 'c', lane: 'l', state: 'DISPATCHING', attempt: 1, fence: '1', carrier: true, looks: 0, trace: {}, createdAt: ago(1_000),
  command: { run: 'r', flow: 'f', step: 's', purpose: 'run', n: 1, connection: 'c', platform: 'github', action: 'a', with: {}, await: true, ...command },
  ...over,
});

describe('what the end of a send means', () => {
  it('accepted with a run: told, claimed and followed', () => {
    const decision = decideSent({ kind: 'accepted', run }, dispatch(), of);
    expect(decision).toMatchObject({ change: { state: 'TRIGGERED', nextAt: null, runKey: 'key/7' }, event: { type: 'trigger.accepted', outcome: { followed: true, platformRunKey: 'key/7' } }, watch: { run, runKey: 'key/7', firstPollMs: 1_000 } });
  });

  it('accepted and not awaited: told, not followed', () => {
    const decision = decideSent({ kind: 'accepted', run }, dispatch({}, { await: false }), of);
    expect(decision.event?.outcome).toMatchObject({ followed: false });
    expect(decision.watch).toBeUndefined();
  });

  it('accepted without a run: triggered, told once the run is known', () => {
    const decision = decideSent({ kind: 'accepted', handle: '12' }, dispatch(), of);
    expect(decision).toMatchObject({ change: { state: 'TRIGGERED', handle: '12' } });
    expect(decision.event).toBeUndefined();
    expect(decision.change.nextAt).not.toBeNull();
  });

  it('accepted by a platform that will never name the run: told at once, though it is awaited, and nothing is looked for', () => {
    expect(decideSent({ kind: 'accepted', untold: true }, dispatch(), of)).toMatchObject({ change: { state: 'TRIGGERED', nextAt: null }, event: { type: 'trigger.accepted', outcome: { followed: false } }, watch: undefined });
  });

  it('accepted by an action that has no run: told at once', () => {
    expect(decideSent({ kind: 'accepted' }, dispatch(), { ...of, follows: false }).event).toMatchObject({ type: 'trigger.accepted', outcome: { followed: false } });
  });

  it('accepted, and a run set going again: told with the key of that, whether it was sent or found', () => {
    const repeats = { repository: 'acme/shop', id: '7', attempt: 2 };
    const decided = [decideSent({ kind: 'accepted', repeats }, dispatch(), { ...of, follows: false }), decideLooked({ kind: 'found', repeats }, dispatch({ state: 'UNKNOWN' }), { ...of, follows: false })];
    for (const { event, change, watch } of decided) {
      expect(event).toMatchObject({ type: 'trigger.accepted', outcome: { followed: false, repeats: { key: 'key/7', attempt: 2 } } });
      expect([event!.outcome.platformRunKey, change.runKey, watch]).toEqual([undefined, undefined, undefined]);
    }
  });

  it('refused: rejected, for good', () => {
    expect(decideSent({ kind: 'refused', reason: 'no' }, dispatch(), of)).toMatchObject({ change: { state: 'FAILED', nextAt: null }, event: { type: 'trigger.rejected', outcome: { rejection: 'refused', reason: 'no' } } });
  });

  it('held: parked until then, nothing told', () => {
    const at = new Date(now.getTime() + 600_000);
    expect(decideSent({ kind: 'again', reason: 'held', at }, dispatch(), of)).toEqual({ change: { state: 'PENDING', nextAt: at, reason: 'held' } });
  });

  it('not to be sent for an hour: given up as error', () => {
    expect(decideSent({ kind: 'again', reason: 'refused' }, dispatch({ createdAt: ago(TIMING.resend.giveUpAfterMs + 1) }), of).event).toMatchObject({ type: 'trigger.rejected', outcome: { rejection: 'error' } });
  });

  it('unknown: never pending, always looked up', () => {
    const decision = decideSent({ kind: 'unknown', reason: 'timeout' }, dispatch(), of);
    expect(decision).toMatchObject({ change: { state: 'UNKNOWN', calledAt: now } });
    expect(decision.event).toBeUndefined();
  });
});

describe('what a look-up means', () => {
  const unknown = (over: Partial<Dispatch> = {}) => dispatch({ state: 'UNKNOWN', calledAt: ago(30_000), absentAt: ago(28_000), ...over });

  it('found: told and followed', () => {
    expect(decideLooked({ kind: 'found', run }, unknown(), of)).toMatchObject({ change: { state: 'TRIGGERED' }, event: { type: 'trigger.accepted' }, watch: { run } });
  });

  it('found, of an action that has no run: told at once', () => {
    expect(decideLooked({ kind: 'found' }, unknown(), { ...of, follows: false })).toMatchObject({ change: { state: 'TRIGGERED', nextAt: null }, event: { type: 'trigger.accepted', outcome: { followed: false } } });
  });

  it('surely absent: sent again', () => {
    expect(decideLooked({ kind: 'absent' }, unknown(), of)).toMatchObject({ change: { state: 'PENDING', nextAt: now } });
  });

  it('surely absent after a person was told: rejected, never sent again', () => {
    expect(decideLooked({ kind: 'absent' }, unknown({ unknownToldAt: ago(1_000) }), of)).toMatchObject({ change: { state: 'FAILED' }, event: { type: 'trigger.rejected' } });
  });

  it('absent, though the platform had taken it: still not sent again', () => {
    expect(decideLooked({ kind: 'absent' }, unknown({ state: 'TRIGGERED' }), of).change.state).toBe('TRIGGERED');
  });

  it('cannot be told for two minutes: unknown is told once, looking goes on', () => {
    const first = decideLooked({ kind: 'cannot', reason: 'two candidates' }, unknown({ calledAt: ago(TIMING.lookUp.tellAfterMs) }), of);
    expect(first).toMatchObject({ change: { state: 'UNKNOWN', unknownToldAt: now }, event: { type: 'trigger.unknown', outcome: { reason: 'two candidates' } } });
    expect(first.change.nextAt).not.toBeNull();
    const second = decideLooked({ kind: 'cannot', reason: 'two candidates' }, unknown({ calledAt: ago(TIMING.lookUp.tellAfterMs), unknownToldAt: ago(1) }), of);
    expect(second.event).toBeUndefined();
  });

  it('dropped from the queue: rejected as error', () => {
    expect(decideLooked({ kind: 'dropped', reason: 'cancelled in the queue' }, unknown({ state: 'TRIGGERED', handle: '1' }), of).event).toMatchObject({ type: 'trigger.rejected', outcome: { rejection: 'error' } });
  });

  it('taken, not awaited and not to be found: accepted is enough', () => {
    const taken = dispatch({ state: 'TRIGGERED', calledAt: ago(TIMING.lookUp.tellAfterMs) }, { await: false });
    expect(decideLooked({ kind: 'cannot', reason: 'x' }, taken, of)).toMatchObject({ change: { state: 'TRIGGERED', nextAt: null }, event: { type: 'trigger.accepted' } });
  });
});
