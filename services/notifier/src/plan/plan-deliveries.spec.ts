import type { RunSnapshot, RunState, RunStatus } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { planDeliveries } from './plan-deliveries.js';

const status = (state: RunState, extra: Partial<RunStatus> = {}, run: Partial<RunSnapshot> = {}): RunStatus => ({
  run: {
    id: 'run-1', flow: 'release', revision: 'a', state, attempt: 1, version: 7, createdAt: '2026-01-01T00:00:00Z',
    startedAt: '2026-01-01T00:00:10Z', event: { id: 'e', type: 'pipelinerun.finished', connection: 'github' }, steps: [], ...run,
  },
  recovered: false, ...extra,
});
const plan = (told: RunStatus, ...on: string[]) => planDeliveries(told, '2026-01-01T00:01:00Z', [{ channel: 'releases', on }], 'http://s');
const words = (told: RunStatus, ...on: string[]) => plan(told, ...on).map(({ notice }) => notice.word);

describe('a channel is told', () => {
  it.each(['succeeded', 'failed', 'cancelled', 'rolled-back', 'waiting'] as const)('that a run is %s, if it wants to know', (state) => {
    expect(words(status(state), state)).toEqual([state]);
    expect(words(status(state), 'missing')).toEqual([]);
  });
  it('of a recovery once, though it asked for both', () => {
    expect(words(status('succeeded', { recovered: true }), 'succeeded', 'recovered')).toEqual(['recovered']);
    expect(words(status('succeeded', { recovered: true }), 'succeeded')).toEqual(['succeeded']);
    expect(words(status('succeeded', { recovered: true }), 'recovered')).toEqual(['recovered']);
    expect(words(status('succeeded'), 'recovered')).toEqual([]);
  });
  it('once, though the flow names it twice', () => {
    const notify = [{ channel: 'a', on: ['recovered'] }, { channel: 'a', on: ['succeeded'] }, { channel: 'b', on: ['succeeded'] }];
    const planned = planDeliveries(status('succeeded', { recovered: true }), '2026-01-01T00:01:00Z', notify, 'http://s');
    expect(planned.map(({ channel, notice }) => [channel, notice.word])).toEqual([['a', 'recovered'], ['b', 'succeeded']]);
  });
  it('of a start, but not when the run goes on after it waited', () => {
    expect(words(status('running'), 'started')).toEqual(['started']);
    expect(words(status('running', { previous: 'queued' }), 'started')).toEqual(['started']);
    expect(words(status('running', { previous: 'waiting' }), 'started')).toEqual([]);
  });
  it.each(['approval', 'freeze', 'time', 'event'] as const)('of a start whose first step waits (%s), before it is told that it waits', (kind) => {
    const steps = [{ name: 'go', state: 'waiting' as const, needs: [], attempts: [], awaits: { kind } }];
    for (const previous of [undefined, 'queued', 'failed'] as const) expect(words(status('waiting', { previous }, { steps }), 'started', 'waiting')).toEqual(['started', 'waiting']);
    expect(words(status('waiting', { previous: 'running' }, { steps }), 'started', 'waiting')).toEqual(['waiting']);
    expect(words(status('waiting', {}, { steps }), 'started')).toEqual(['started']);
    expect(words(status('waiting', {}, { steps }), 'started', 'waiting', 'approval')).toEqual(kind === 'approval' ? ['started'] : ['started', 'waiting']);
  });
  it('of one start, however it went on: to wait and to run are told by the same id', () => {
    const [waits, runs] = [plan(status('waiting'), 'started')[0]!, plan(status('running', {}, { version: 9 }), 'started')[0]!];
    expect(runs.id).toBe(waits.id);
    expect(plan(status('waiting', {}, { attempt: 2 }), 'started')[0]!.id).not.toBe(waits.id);
  });
  it('of no start by what ends in the queue, or is rolled back', () => {
    expect(words(status('cancelled', { previous: 'queued' }), 'started', 'cancelled')).toEqual(['cancelled']);
    expect(words(status('rolling-back', { previous: 'succeeded' }), 'started')).toEqual([]);
  });
  it('nothing of what is only in between', () => {
    expect(words(status('queued'), 'started', 'waiting')).toEqual([]);
    expect(words(status('rolling-back'), 'rolled-back', 'failed')).toEqual([]);
  });
});

describe('the id of a delivery', () => {
  it('is the same for the same transition, without dots, and another for another channel, attempt or wait', () => {
    const [one] = plan(status('failed'), 'failed');
    expect(one!.id).toMatch(/^msg_[0-9a-f]{40}$/);
    expect(plan(status('failed', {}, { version: 9 }), 'failed')[0]!.id).toBe(one!.id);
    expect(plan(status('failed', {}, { attempt: 2 }), 'failed')[0]!.id).not.toBe(one!.id);
    expect(plan(status('failed', {}, { rollbacks: 1 }), 'failed')[0]!.id).not.toBe(one!.id);
    expect(plan(status('waiting', {}, { version: 9 }), 'waiting')[0]!.id).not.toBe(plan(status('waiting'), 'waiting')[0]!.id);
  });
});

describe('a notice', () => {
  it('names the step that failed, why, and where to look', () => {
    const failed = status('failed', {}, {
      finishedAt: '2026-01-01T00:03:14Z', reason: 'step e2e failed',
      steps: [
        { name: 'scan', state: 'succeeded', needs: [], attempts: [] },
        { name: 'e2e', state: 'failed', needs: ['scan'], attempts: [{ number: 1, state: 'failed', command: 'c', connection: 'jenkins', reason: '3 tests failed', run: { id: '7', url: 'http://ci/7' } }] },
      ],
    });
    expect(plan(failed, 'failed')[0]!.notice).toMatchObject({
      url: 'http://s/runs/run-1', durationMs: 184_000, reason: 'step e2e failed', step: { name: 'e2e', reason: '3 tests failed', url: 'http://ci/7' },
    });
  });
});
