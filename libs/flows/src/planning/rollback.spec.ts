import { describe, expect, it } from 'vitest';
import { World, flow, retry, step, undo } from '../../test/planned-world.js';
import type { EnvironmentHistory } from './plan.js';

const good: EnvironmentHistory = { lastGood: { run: { id: 'before' }, event: {}, env: { version: 'v1' }, deployedAt: '2026-11-23T00:00:00Z' } };

const deployment = () => flow([
  step('deploy', { environment: 'production', rollback: undo({ version: '${{ environment.lastGood.env.version }}' }) }),
  step('smoke', { needs: ['deploy'] }),
], { onFailure: 'rollback', env: { version: 'v2' } });

const failing = (world: World): World => {
  world.ends('run:deploy:run:1', 'success');
  world.ends('run:smoke:run:1', 'failure');
  return world;
};

describe('a rollback', () => {
  it('returns to the last good deployment', () => {
    const world = failing(new World(deployment(), { ledger: { production: good } }));
    expect(world.run.state).toBe('rolling-back');
    expect(world.commands.get('run:deploy:rollback:1')).toMatchObject({ purpose: 'rollback', connection: 'github', with: { version: 'v1' } });
    world.ends('run:deploy:rollback:1', 'success');
    expect(world.run.state).toBe('rolled-back');
    expect(world.effects).toContainEqual({ kind: 'ledger-revert', step: 'deploy' });
    expect(world.effects.some(({ kind }) => kind === 'ledger-good')).toBe(false);
  });

  it('fails with "nothing to return to" when it needs a last good one and there is none', () => {
    const world = failing(new World(deployment()));
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringMatching(/not undone: deploy \(nothing to return to/) });
    expect(world.sent('rollback')).toEqual([]);
  });

  it('that does not need it runs without', () => {
    const steps = [step('deploy', { environment: 'production', rollback: undo({ version: '${{ environment.?lastGood.?env.?version.orValue("none") }}' }) }), step('smoke', { needs: ['deploy'] })];
    const world = failing(new World(flow(steps, { onFailure: 'rollback' })));
    expect(world.commands.get('run:deploy:rollback:1')?.with).toEqual({ version: 'none' });
  });

  it('undoes in reverse order of the graph, each once', () => {
    const world = new World(flow([
      step('a', { rollback: undo() }), step('b', { needs: ['a'], rollback: undo() }), step('c', { needs: ['b'], rollback: undo() }), step('d', { needs: ['c'] }),
    ], { onFailure: 'rollback' }));
    for (const name of ['a', 'b', 'c']) world.ends(`run:${name}:run:1`, 'success');
    world.ends('run:d:run:1', 'failure');
    expect(world.sent('rollback')).toEqual(['c:rollback:1']);
    world.ends('run:c:rollback:1', 'success');
    expect(world.sent('rollback')).toEqual(['c:rollback:1', 'b:rollback:1']);
    world.ends('run:b:rollback:1', 'success');
    world.ends('run:a:rollback:1', 'success');
    expect(world.run.state).toBe('rolled-back');
  });

  it('includes the step that failed after it was triggered and those that are unknown, not one that was refused', () => {
    const world = new World(flow([
      step('failed', { rollback: undo() }), step('unknown', { rollback: undo() }), step('refused', { rollback: undo() }),
    ], { onFailure: 'rollback' }));
    world.unknown('run:unknown:run:1');
    world.rejected('run:refused:run:1', 'refused');
    world.ends('run:failed:run:1', 'failure');
    expect(world.run.state).toBe('rolling-back');
    expect(world.sent('rollback').sort()).toEqual(['failed:rollback:1', 'unknown:rollback:1']);
  });

  it('that fails makes the run fail, saying what was not undone; the others are undone all the same', () => {
    const world = new World(flow([step('a', { rollback: undo() }), step('b', { needs: ['a'], rollback: undo() }), step('c', { needs: ['b'] })], { onFailure: 'rollback' }));
    world.ends('run:a:run:1', 'success');
    world.ends('run:b:run:1', 'success');
    world.ends('run:c:run:1', 'failure');
    world.ends('run:b:rollback:1', 'failure');
    world.ends('run:a:rollback:1', 'success');
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringContaining('not undone: b (') });
  });

  it('with nothing to undo is a failed run', () => {
    const world = new World(flow([step('a')], { onFailure: 'rollback' }));
    world.ends('run:a:run:1', 'failure');
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringContaining('nothing to roll back') });
  });

  it('is superseded when another run has deployed there since', () => {
    const world = new World(deployment(), { ledger: { production: good } });
    world.ends('run:deploy:run:1', 'success');
    world.facts.ledger = { production: { ...good, latest: { run: 'newer', at: '2026-11-24T09:00:00Z' } } };
    world.ends('run:smoke:run:1', 'failure');
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringContaining('superseded: run newer') });
    expect(world.snapshot().steps[0]!.rollback).toMatchObject({ state: 'skipped' });
    expect(world.sent('rollback')).toEqual([]);
  });

  describe('when a step was UNKNOWN as it began', () => {
    const rolling = (): World => {
      const world = new World(flow([step('a', { retry: retry(3), rollback: undo() }), step('b', { rollback: undo() })], { onFailure: 'rollback' }));
      world.unknown('run:a:run:1');
      world.ends('run:b:run:1', 'failure');
      expect(world.run.state).toBe('rolling-back');
      return world;
    };

    it('does not start that step again when its platform tells of a failure', () => {
      const world = rolling();
      world.accepted('run:a:run:1');
      world.platform('run:a:run:1', 'finished', 'failure');
      expect([...world.timers.keys()]).not.toContain('a:run:1:retry');
      expect(world.states()).toMatchObject({ a: 'failed' });
    });

    it('nor when it turns out that it never ran', () => {
      const world = rolling();
      world.rejected('run:a:run:1', 'error', 'two look-ups agree that the platform never started it');
      expect([...world.timers.keys()]).not.toContain('a:run:1:retry');
      expect(world.states()).toMatchObject({ a: 'failed' });
    });
  });

  it('has as much time as the run had; then the run fails and says what was not undone', () => {
    const steps = [step('a', { rollback: undo() }), step('b', { needs: ['a'], rollback: undo() }), step('lost', { rollback: undo() }), step('slow', { rollback: undo() }), step('c', { needs: ['b'] })];
    const world = new World(flow(steps, { onFailure: 'rollback', timeoutMs: 7_200_000 }));
    for (const name of ['a', 'lost', 'slow', 'b']) world.ends(`run:${name}:run:1`, 'success');
    world.now = new Date('2026-11-24T09:30:00Z');
    world.ends('run:c:run:1', 'failure');
    expect(world.timers.get('flow:timeout')?.due.toISOString()).toBe('2026-11-24T11:30:00.000Z');
    world.unknown('run:lost:rollback:1');
    world.accepted('run:slow:rollback:1');
    world.strike('flow:timeout');
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringMatching(/not undone: a \(the time of the rollback was over\), b \(.*lost \(.*slow \(/) });
    expect(world.sent('cancel').sort()).toEqual(['b:cancel:1', 'lost:cancel:1', 'slow:cancel:1']);
    expect([...world.timers.keys()]).toEqual([]);
  });

  it('is not stopped by the branch rules of the environment', () => {
    const world = new World(deployment(), { ledger: { production: good }, environments: { production: {} } });
    world.facts.environments = { production: { branches: ['release/**'] } };
    failing(world);
    expect(world.sent('rollback')).toEqual(['deploy:rollback:1']);
  });
});

describe('the ledger', () => {
  it('enters a deployment when its step succeeded, and calls it good only when the whole run did', () => {
    const world = new World(deployment());
    world.ends('run:deploy:run:1', 'success');
    expect(world.effects).toContainEqual({ kind: 'ledger-enter', environment: 'production', step: 'deploy' });
    expect(world.effects.some(({ kind }) => kind === 'ledger-good')).toBe(false);
    world.ends('run:smoke:run:1', 'success');
    expect(world.effects).toContainEqual({ kind: 'ledger-good' });
  });

  it('does not start what a person says never ran, and waits for what turns out to run', () => {
    const steps = [step('deploy', { rollback: undo() }), step('lost'), step('late'), step('smoke', { needs: ['deploy'] })];
    const world = new World(flow(steps, { onFailure: 'rollback' }));
    world.unknown('run:lost:run:1');
    world.unknown('run:late:run:1');
    failing(world);
    expect(world.run.state).toBe('rolling-back');
    world.feed({ kind: 'resolve', step: 'lost', ran: false, by: 'alice' });
    world.accepted('run:late:run:1');
    world.ends('run:deploy:rollback:1', 'success');
    expect(world.states()).toMatchObject({ lost: 'skipped', late: 'running' });
    expect(world.run.state).toBe('rolling-back');
    world.platform('run:late:run:1', 'finished', 'success');
    expect(world.run.state).toBe('rolled-back');
    expect(world.sent()).toHaveLength(4);
  });
});
