import type { Approval, ApprovalChanged, RunSnapshot, StepSnapshot } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { planApproval } from './plan-approval.js';
import { planDeliveries } from './plan-deliveries.js';

const asks = (name: string, kind: 'approval' | 'time' = 'approval'): StepSnapshot =>
  ({ name, state: 'waiting', needs: [], reason: 'needs approval by alice', awaits: { kind }, attempts: [] });

const runWith = (steps: StepSnapshot[]): RunSnapshot => ({
  id: 'run-1', flow: 'release', revision: 'a', state: 'waiting', reason: 'step ask is waiting: needs approval by alice', attempt: 1, version: 3,
  createdAt: '2026-01-01T00:00:00Z', event: { id: 'e', type: 'pipelinerun.finished', connection: 'github', branch: 'main' }, steps,
});

const change = (step: string, n = 1, run = runWith([asks('ask'), asks('deploy')])): ApprovalChanged => ({
  run, approval: { id: `run-1:${step}:approval:${n}`, run: 'run-1', flow: 'release', step, state: 'requested', by: ['alice'], count: 1, notAuthor: false, votes: [], requestedAt: '2026-01-01T00:00:00Z', version: 1 } satisfies Approval,
});

const NOTIFY = [{ channel: 'a', on: ['approval', 'waiting'] }, { channel: 'a', on: ['approval'] }, { channel: 'b', on: ['waiting'] }];
const plan = (told: ApprovalChanged) => planApproval(told, '2026-01-01T00:00:01Z', NOTIFY, 'http://s');

describe('people who are asked', () => {
  it('hear of it once on each channel that wants to, with whom it is for and where to answer', () => {
    const planned = plan(change('ask'));
    expect(planned.map(({ channel }) => channel)).toEqual(['a']);
    expect(planned[0]!.notice).toMatchObject({ word: 'approval', url: 'http://s/runs/run-1', branch: 'main', step: { name: 'ask', state: 'waiting', reason: 'needs approval by alice', url: 'http://s/runs/run-1' } });
    expect(planned[0]!.notice.reason).toBeUndefined();
  });

  it('hear of each approval of a run, and of each time that a step asks', () => {
    const all = [change('ask'), change('deploy'), change('ask', 2)].flatMap(plan);
    expect(new Set(all.map(({ id }) => id)).size).toBe(3);
    expect(new Set(all.map(({ run, transition, occurrence, channel }) => JSON.stringify([run, transition, occurrence, channel]))).size).toBe(3);
    expect(plan(change('ask'))[0]!.id).toBe(all[0]!.id);
  });

  it('are not told as well that the run waits for them; whoever only wants that is', () => {
    const waits = (steps: StepSnapshot[]) => planDeliveries({ run: runWith(steps), previous: 'running', recovered: false }, '2026-01-01T00:00:01Z', NOTIFY, 'http://s').map(({ channel }) => channel);
    expect(waits([asks('ask')])).toEqual(['b']);
    expect(waits([asks('ask'), asks('pause', 'time')])).toEqual(['a', 'b']);
  });

  it('hear that the run waits on for something else, of what that is, and not of people once more', () => {
    const waitsOn = (steps: StepSnapshot[], ...awaits: string[]) =>
      planDeliveries({ run: runWith(steps), previous: 'waiting', recovered: false, awaits }, '2026-01-01T00:00:01Z', NOTIFY, 'http://s').map(({ channel, notice: { word, step, reason } }) => [channel, word, step?.name, reason]);
    const frozen = { ...asks('deploy'), awaits: { kind: 'freeze' as const } };
    expect(waitsOn([asks('ask'), frozen], 'deploy')).toEqual([['a', 'waiting', 'deploy', undefined], ['b', 'waiting', 'deploy', undefined]]);
    // Beside what is awaited since long, somebody is asked: who hears of that as an approval hears nothing else.
    expect(waitsOn([asks('pause', 'time'), asks('ask')], 'ask')).toEqual([['b', 'waiting', 'ask', undefined]]);
    expect(waitsOn([asks('pause', 'time'), asks('ask'), frozen], 'ask', 'deploy').map(([channel,, step]) => [channel, step])).toEqual([['a', 'deploy'], ['b', 'deploy']]);
  });
});
