import { describe, expect, it } from 'vitest';
import { World, flow, step, undo } from '../../test/planned-world.js';
import type { EnvironmentHistory } from './plan.js';
import { planRollback } from './plan-rollback.js';

const good: EnvironmentHistory = { lastGood: { run: { id: 'before' }, event: {}, env: { version: 'v1' }, deployedAt: '2026-11-23T00:00:00Z' } };

const order = (world: World, by = 'alice') => world.feed({ kind: 'rollback', by });
const plan = (world: World) => planRollback(world.run, world.flow, world.planFacts());

const back = undo({ version: '${{ environment.lastGood.env.version }}' });
const deployment = () => flow([
  step('build'), step('deploy', { needs: ['build'], environment: 'production', rollback: back }), step('smoke', { needs: ['deploy'] }),
], { env: { version: 'v2' } });

const succeeded = (options: ConstructorParameters<typeof World>[1] = { ledger: { production: good } }): World => {
  const world = new World(deployment(), options);
  for (const name of ['build', 'deploy', 'smoke']) world.ends(`run:${name}:run:1`, 'success');
  expect(world.run.state).toBe('succeeded');
  return world;
};

describe('a rollback that a person orders', () => {
  it('of a run that has succeeded brings the last good version back; meanwhile what it deployed is not called good', () => {
    const world = succeeded();
    order(world);
    expect(world.run).toMatchObject({ state: 'rolling-back', rollbacks: 1, reason: 'rollback ordered by alice' });
    expect(world.effects).toContainEqual({ kind: 'ledger-doubt' });
    expect(world.commands.get('run:deploy:rollback:1')).toMatchObject({ connection: 'github', with: { version: 'v1' } });
    world.ends('run:deploy:rollback:1', 'success');
    expect(world.run).toMatchObject({ state: 'rolled-back', attempt: 1 });
    expect(world.effects).toContainEqual({ kind: 'ledger-revert', step: 'deploy' });
    expect(world.timers.size).toBe(0);
  });

  it('says exactly before what it would do, and what cannot be undone, and why', () => {
    const world = succeeded();
    const before = JSON.stringify(world.run);
    expect(plan(world)).toEqual({ cancels: [], steps: [
      { step: 'smoke', undo: false, reason: 'it has no rollback' },
      { step: 'deploy', undo: true, environment: 'production', uses: 'github/dispatch-workflow', with: { version: 'v1' } },
      { step: 'build', undo: false, reason: 'it has no rollback' },
    ] });
    expect(JSON.stringify(world.run)).toBe(before);
  });

  it('is refused, with the reasons, where nothing can be undone; the run stays as it is', () => {
    const world = succeeded({});
    expect(order(world).refusal?.detail).toBe('nothing can be rolled back: smoke (it has no rollback), deploy (nothing to return to: no good deployment of another run is known), build (it has no rollback)');
    expect(world.run.state).toBe('succeeded');
    world.facts.ledger = { production: { ...good, latest: { run: 'newer', at: '2026-11-25T00:00:00Z' } } };
    expect(plan(world).steps[1]).toMatchObject({ undo: false, reason: 'superseded: run newer has deployed there since' });
    expect(order(world).refusal?.detail).toContain('superseded');
  });

  it('ordered twice is done once; ordered after it is done, it is refused', () => {
    const world = succeeded();
    order(world);
    expect(order(world).refusal?.detail).toBe('the run is rolling back already');
    world.ends('run:deploy:rollback:1', 'success');
    expect(order(world).refusal?.detail).toContain('deploy (it was rolled back already)');
    expect(world.sent('rollback')).toEqual(['deploy:rollback:1']);
  });

  it('can be cancelled, and ordered again for what was not undone', () => {
    const world = new World(flow([step('a', { rollback: undo() }), step('b', { needs: ['a'], rollback: undo() })]));
    world.ends('run:a:run:1', 'success');
    world.ends('run:b:run:1', 'success');
    order(world);
    world.ends('run:b:rollback:1', 'success');
    world.accepted('run:a:rollback:1');
    world.feed({ kind: 'cancel', by: 'bob' });
    expect(world.run).toMatchObject({ state: 'cancelled', reason: expect.stringContaining('cancelled by bob while rolling back, not undone: a') });
    expect(world.sent('cancel')).toEqual(['a:cancel:1']);
    expect(plan(world).steps).toMatchObject([{ step: 'b', undo: false, reason: 'it was rolled back already' }, { step: 'a', undo: true }]);
    order(world);
    world.ends('run:a:rollback:2', 'success');
    expect(world.run).toMatchObject({ state: 'rolled-back', rollbacks: 2 });
    expect(world.sent('rollback')).toEqual(['b:rollback:1', 'a:rollback:1', 'a:rollback:2']);
  });

  it('of a run that failed without one undoes in reverse order what succeeded and what may have', () => {
    const world = new World(flow([step('a', { rollback: undo() }), step('b', { needs: ['a'], rollback: undo() }), step('c', { needs: ['b'], rollback: undo() })]));
    world.ends('run:a:run:1', 'success');
    world.ends('run:b:run:1', 'failure');
    expect(plan(world).steps.map(({ step: name, undo: undone }) => [name, undone])).toEqual([['b', true], ['a', true]]);
    order(world);
    expect(world.sent('rollback')).toEqual(['b:rollback:1']);
    world.ends('run:b:rollback:1', 'success');
    world.ends('run:a:rollback:1', 'success');
    expect(world.run.state).toBe('rolled-back');
  });

  it('knows what a step did before the run was retried, though that step was skipped since', () => {
    const world = new World(flow([step('a'), step('b', { needs: ['a'], rollback: undo(), if: 'run.attempt == 1' })]));
    world.ends('run:a:run:1', 'success');
    world.ends('run:b:run:1', 'failure');
    world.feed({ kind: 'retry', by: 'alice' });
    expect(world.states()).toEqual({ a: 'succeeded', b: 'skipped' });
    expect(plan(world).steps).toContainEqual({ step: 'b', undo: true, uses: 'github/dispatch-workflow', with: {} });
  });

  it('says on the commit that the run rolls back, and then that it did', () => {
    const world = succeeded({ ledger: { production: good }, report: true });
    for (const n of [1, 2]) world.accepted(`run:report:report:${n}`, { followed: false });
    order(world);
    expect(world.commands.get('run:report:report:3')?.with).toMatchObject({ state: 'pending', description: 'Rolling back' });
    world.accepted('run:report:report:3', { followed: false });
    world.ends('run:deploy:rollback:1', 'success');
    expect(world.commands.get('run:report:report:4')?.with).toMatchObject({ state: 'failure', description: 'Rolled back: rollback ordered by alice' });
  });
});

describe('a rollback that is ordered while the run runs', () => {
  const running = (): World => {
    const world = new World(flow([step('a', { rollback: undo() }), step('b', { rollback: undo() }), step('c', { rollback: undo() }), step('d', { needs: ['a', 'b'], if: 'always()' })]));
    world.ends('run:a:run:1', 'success');
    world.accepted('run:b:run:1');
    return world;
  };

  it('cancels what runs, starts nothing more, and undoes also what may just have begun', () => {
    const world = running();
    expect(plan(world).cancels).toEqual(['b', 'c']);
    order(world);
    expect(world.run).toMatchObject({ state: 'rolling-back', reason: 'rollback ordered by alice' });
    expect(world.run).not.toHaveProperty('rollbacks');
    expect(world.sent('cancel')).toEqual(['b:cancel:1', 'c:cancel:1']);
    expect(world.states()).toEqual({ a: 'succeeded', b: 'cancelled', c: 'cancelled', d: 'cancelled' });
    expect(world.sent('rollback').sort()).toEqual(['a:rollback:1', 'b:rollback:1', 'c:rollback:1']);
    for (const id of world.sent('rollback')) world.ends(`run:${id}`, 'success');
    expect(world.run.state).toBe('rolled-back');
  });

  it('leaves an UNKNOWN unknown, and undoes it', () => {
    const world = running();
    world.unknown('run:c:run:1');
    order(world);
    expect(world.sent('cancel')).toEqual(['b:cancel:1']);
    expect(world.sent('rollback')).toContain('c:rollback:1');
  });

  it('takes the place of a cancellation that is not over', () => {
    const world = running();
    world.feed({ kind: 'cancel', by: 'bob' });
    expect(world.run.state).toBe('running');
    order(world);
    for (const id of world.sent('rollback')) world.ends(`run:${id}`, 'success');
    expect(world.run).toMatchObject({ state: 'rolled-back', reason: 'rollback ordered by alice' });
  });

  it('is refused while nothing has been done', () => {
    const world = new World(flow([step('a', { if: 'event.branch == "other"', rollback: undo() }), step('b')]));
    expect(order(world).refusal?.detail).toBe('nothing can be rolled back: b (it has no rollback)');
  });
});
