import type { Attempt, RunSnapshot, StepSnapshot } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { attempt, newRun, step } from '../../test/runs.js';
import { deploymentsOf, newestOfEach } from './deployments-of.js';

const AT = '2026-02-01T10:00:00.000Z';

const deploy = (state: StepSnapshot['state'], attempts: Attempt[], some: Partial<StepSnapshot> = {}): StepSnapshot =>
  ({ ...step('deploy', state, [], attempts), environment: 'production', ...(['succeeded', 'failed', 'cancelled', 'skipped'].includes(state) && { finishedAt: AT }), ...some });

const runOf = (steps: StepSnapshot[], some: Partial<RunSnapshot> = {}): RunSnapshot => newRun({ id: 'r', steps, ...some });

const good = attempt(1, 'succeeded', { outcome: 'success' });
const bad = attempt(1, 'failed', { outcome: 'failure' });
const refused = attempt(1, 'failed', { outcome: 'error', run: undefined });

describe('the deployments of a run', () => {
  it('are its steps with an environment that ended at their platform', () => {
    const found = deploymentsOf(runOf([step('scan', 'succeeded', [], [good]), deploy('succeeded', [good])]));
    expect(found).toEqual([{
      run: 'r', step: 'deploy', number: 1, version: 1, environment: 'production', flow: 'release', repository: 'acme/shop', sha: '0123456789abcdef0123456789abcdef01234567',
      state: 'succeeded', again: false, undone: false, finished_at: AT,
    }]);
    expect(deploymentsOf(runOf([deploy('succeeded', [good])], { pipeline: { repository: 'acme/first', branch: 'main' } }))).toMatchObject([{ repository: 'acme/first' }]);
    expect(deploymentsOf(runOf([deploy('failed', [bad])]))).toMatchObject([{ state: 'failed' }]);
    expect(deploymentsOf(runOf([deploy('failed', [attempt(1, 'failed', { outcome: 'timeout', run: undefined })])]))).toMatchObject([{ state: 'failed' }]);
  });

  it.each<[string, StepSnapshot]>([
    ['runs still', deploy('running', [attempt(1, 'running')])],
    ['was skipped', deploy('skipped', [])],
    ['was cancelled', deploy('cancelled', [attempt(1, 'cancelled', { outcome: 'cancelled' })])],
    ['was refused by its platform', deploy('failed', [refused])],
    ['failed before anything was sent', deploy('failed', [])],
    ['nobody knows of', deploy('unknown', [attempt(1, 'unknown')])],
  ])('are none where the step %s', (_what, one) => expect(deploymentsOf(runOf([one]))).toEqual([]));

  it('are one for all tries of a step, and another one when a person has the run retried', () => {
    expect(deploymentsOf(runOf([deploy('succeeded', [bad, attempt(2, 'succeeded', { outcome: 'success' })])]))).toMatchObject([{ number: 2, state: 'succeeded', again: false }]);
    const retried = { by: 'anna', at: '2026-02-01T11:00:00.000Z', from: 'failed' } as const;
    const anew = (last: Attempt): RunSnapshot => runOf([deploy(last.state, [bad, { ...last, startedAt: '2026-02-01T11:00:01.000Z' }])], { attempt: 2, retried });
    expect(deploymentsOf(anew(attempt(2, 'succeeded', { outcome: 'success' })))).toMatchObject([{ number: 2, state: 'succeeded', again: true }]);
    expect(deploymentsOf(anew({ ...refused, number: 2 })), 'refused this time').toEqual([]);
    expect(deploymentsOf(runOf([deploy('succeeded', [good])], { attempt: 2, retried })), 'not done anew').toMatchObject([{ number: 1, again: false }]);
  });

  it('are undone once their rollback has begun, and restored when it has succeeded; one that was superseded did nothing', () => {
    const of = (rollback: StepSnapshot['rollback']) => deploymentsOf(runOf([deploy('succeeded', [good], { rollback })]));
    expect(of({ state: 'pending', attempts: [] })).toMatchObject([{ undone: false }]);
    expect(of({ state: 'skipped', reason: 'superseded: run x has deployed there since', attempts: [] })).toMatchObject([{ undone: false }]);
    expect(of({ state: 'failed', reason: 'nothing to return to: no good deployment of another run is known', attempts: [] }), 'a first deployment that is bad').toMatchObject([{ undone: true }]);
    const failed = of({ state: 'failed', attempts: [bad] })[0]!;
    expect([failed.undone, failed.restored_at]).toEqual([true, undefined]);
    expect(of({ state: 'succeeded', attempts: [{ ...good, finishedAt: AT }] })).toMatchObject([{ undone: true, restored_at: AT }]);
  });

  it('are told when their step moved, and all of them once more at the end of the run', () => {
    const steps = [deploy('succeeded', [good])];
    expect(deploymentsOf(runOf(steps), ['other'])).toEqual([]);
    expect(deploymentsOf(runOf(steps), ['deploy'])).toHaveLength(1);
    expect(deploymentsOf(runOf(steps, { state: 'succeeded' }), ['other'])).toHaveLength(1);
  });
});

it('of versions of one deployment the newest is written, whatever their order', () => {
  const of = (version: number) => deploymentsOf(runOf([deploy('succeeded', [good])], { version }));
  expect(newestOfEach([...of(4), ...of(7), ...of(5)])).toMatchObject([{ version: 7 }]);
});
