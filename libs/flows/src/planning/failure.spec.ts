import { describe, expect, it } from 'vitest';
import { World, flow, retry, step, undo } from '../../test/planned-world.js';

const diamond = (onFailure: 'stop' | 'rollback' | 'continue') => flow([
  step('a', { rollback: undo() }), step('b', { needs: ['a'], rollback: undo() }), step('c', { needs: ['a'], rollback: undo() }),
  step('d', { needs: ['b'], rollback: undo() }), step('e', { needs: ['c'] }),
], { onFailure });

describe('after a step has failed', () => {
  it('running steps go on, nothing else starts, then the run has failed', () => {
    const world = new World(diamond('stop'));
    world.ends('run:a:run:1', 'success');
    world.accepted('run:c:run:1');
    world.ends('run:b:run:1', 'failure');
    expect(world.run.state).toBe('running');
    world.platform('run:c:run:1', 'finished', 'success');
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringContaining('step b failed (failure)') });
    expect(world.states()).toEqual({ a: 'succeeded', b: 'failed', c: 'succeeded', d: 'skipped', e: 'skipped' });
  });

  it('with `continue` steps that do not depend on it go on, and the run fails in the end', () => {
    const world = new World(diamond('continue'));
    world.ends('run:a:run:1', 'success');
    world.ends('run:b:run:1', 'failure');
    world.ends('run:c:run:1', 'success');
    expect(world.sent()).toContain('e:run:1');
    world.ends('run:e:run:1', 'success');
    expect(world.run.state).toBe('failed');
    expect(world.states()).toMatchObject({ d: 'skipped', e: 'succeeded' });
  });

  it('with `continue` nothing behind it starts but what decides itself, also not behind what did', () => {
    const steps = [step('a'), step('clean', { needs: ['a'], if: 'always()' }), step('b', { needs: ['clean'] }), step('c', { needs: ['clean'], if: 'success()' })];
    const world = new World(flow(steps, { onFailure: 'continue' }));
    world.ends('run:a:run:1', 'failure');
    world.ends('run:clean:run:1', 'success');
    expect(world.states()).toEqual({ a: 'failed', clean: 'succeeded', b: 'skipped', c: 'skipped' });
    expect(world.run.steps[2]!.run.reason).toBe('a, on which it depends, is failed');
  });

  it('what still starts does so whatever its place in the file, before what an UNKNOWN holds up is left out', () => {
    const held = step('clean', { needs: ['u'], if: 'always()' });
    const alarm = step('alarm', { needs: ['f'], if: 'failure()' });
    for (const rest of [[held, alarm], [alarm, held]]) {
      const world = new World(flow([step('u'), step('f'), ...rest]));
      world.unknown('run:u:run:1');
      world.ends('run:f:run:1', 'failure');
      expect(world.states()).toMatchObject({ clean: 'pending', alarm: 'triggering' });
      world.ends('run:alarm:run:1', 'success');
      expect(world.states()).toMatchObject({ clean: 'skipped', u: 'unknown' });
    }
  });

  it('a condition behind a step that will be skipped waits for all that step needs, so the order of ends does not matter', () => {
    for (const order of [['b', 'c'], ['c', 'b']] as const) {
      const world = new World(flow([step('b'), step('c'), step('d', { needs: ['b', 'c'] }), step('e', { needs: ['d'], if: 'failure()' })]));
      for (const name of order) world.ends(`run:${name}:run:1`, name === 'b' ? 'failure' : 'cancelled');
      expect(world.sent()).toContain('e:run:1');
    }
  });

  it('a step that was cancelled at its platform is a failure of the run', () => {
    const world = new World(flow([step('a')]));
    world.ends('run:a:run:1', 'cancelled');
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringContaining('step a was cancelled') });
  });
});

describe('attempts', () => {
  it('are repeated after a pause with full jitter until `attempts` are used up', () => {
    const world = new World(flow([step('a', { retry: retry(3) })]));
    world.ends('run:a:run:1', 'failure');
    expect(world.run.state).toBe('waiting');
    expect(world.timers.get('a:run:1:retry')!.due.getTime() - world.now.getTime()).toBe(5_000);
    world.strike('a:run:1:retry');
    world.ends('run:a:run:2', 'failure');
    expect(world.timers.get('a:run:2:retry')!.due.getTime() - world.now.getTime()).toBe(10_000);
    world.strike('a:run:2:retry');
    world.ends('run:a:run:3', 'failure');
    expect(world.run.state).toBe('failed');
    expect(world.snapshot().steps[0]!.attempts.map(({ number, state }) => [number, state])).toEqual([[1, 'failed'], [2, 'failed'], [3, 'failed']]);
  });

  it('only on the outcomes named in `on`', () => {
    const world = new World(flow([step('a', { retry: retry(3, { on: ['timeout'] }) })]));
    world.ends('run:a:run:1', 'failure');
    expect(world.run.state).toBe('failed');
  });

  it('a refused trigger is an error and not repeated; one that could not be sent is', () => {
    const refused = new World(flow([step('a', { retry: retry(3) })]));
    refused.rejected('run:a:run:1', 'refused', '404');
    expect(refused.run.steps[0]!.run).toMatchObject({ state: 'failed', outcome: 'error', reason: '404' });
    const unsent = new World(flow([step('a', { retry: retry(3) })]));
    unsent.rejected('run:a:run:1', 'error');
    expect(unsent.states()).toEqual({ a: 'waiting' });
  });

  it('time out counted from accepted: their cancel is ordered, ended as timeout, repeated', () => {
    const world = new World(flow([step('a', { retry: retry(2) })]));
    expect(world.timers.has('a:run:1:timeout')).toBe(false);
    world.accepted('run:a:run:1');
    world.strike('a:run:1:timeout');
    expect(world.commands.get('run:a:cancel:1')).toMatchObject({ cancels: 'run:a:run:1', platformRun: 'run:a:run:1', action: 'cancel-run' });
    expect(world.run.steps[0]!.run.attempts[0]).toMatchObject({ state: 'failed', outcome: 'timeout', reason: 'it took longer than its timeout; its cancel was ordered' });
    expect(world.timers.has('a:run:1:retry')).toBe(true);
  });

  it('an UNKNOWN is not repeated, but awaits a person', () => {
    const world = new World(flow([step('a', { retry: retry(3, { on: ['failure', 'error', 'timeout'] }) })]));
    world.unknown('run:a:run:1');
    expect(world.run.state).toBe('waiting');
    expect([...world.timers.keys()]).toEqual(['flow:timeout']);
    expect(world.sent()).toEqual(['a:run:1']);
  });

  it('that have no answer yet say why, until they have one; nothing else comes of it', () => {
    const world = new World(flow([step('a', { retry: retry(2, { on: ['error'] }) })]));
    const [activity, version] = [() => world.run.steps[0]!.run, world.run.version];
    world.delayed('run:a:run:1', 'pipeline 5 still runs');
    expect(activity()).toMatchObject({ state: 'triggering', reason: 'pipeline 5 still runs', attempts: [{ state: 'triggering', reason: 'pipeline 5 still runs' }] });
    expect(world.run.version).toBe(version + 1);
    world.delayed('run:a:run:1', 'pipeline 5 still runs');
    expect(world.run.version).toBe(version + 1);
    expect(world.sent()).toEqual(['a:run:1']);
    expect([...world.timers.keys()]).toEqual(['flow:timeout']);
    world.accepted('run:a:run:1');
    expect(activity()).not.toHaveProperty('reason');
    world.delayed('run:a:run:1', 'late');
    expect(activity()).toMatchObject({ state: 'running' });
    expect(activity()).not.toHaveProperty('reason');
    expect(world.historyFaults()).toEqual([]);
  });

  it('are not told why by what was said of a command before them', () => {
    const world = new World(flow([step('a', { retry: retry(2, { on: ['error'] }) })]));
    world.rejected('run:a:run:1', 'error');
    world.strike('a:run:1:retry');
    world.delayed('run:a:run:1', 'late');
    expect(world.run.steps[0]!.run).not.toHaveProperty('reason');
    world.unknown('run:a:run:2');
    world.delayed('run:a:run:2', 'late');
    expect(world.run.steps[0]!.run).toMatchObject({ state: 'unknown', reason: 'timeout' });
  });

  it('an UNKNOWN that is found again goes on', () => {
    const world = new World(flow([step('a')]));
    world.unknown('run:a:run:1');
    world.ends('run:a:run:1', 'success');
    expect(world.run.state).toBe('succeeded');
  });
});

describe('the time of the whole run', () => {
  it('ends what runs at its platform and fails the run, without retries', () => {
    const world = new World(flow([step('a', { retry: retry(3) }), step('b', { needs: ['a'] })], { timeoutMs: 7_200_000 }));
    world.accepted('run:a:run:1');
    world.strike('flow:timeout');
    expect(world.run).toMatchObject({ state: 'failed', reason: 'timed out after 120 min' });
    expect(world.sent('cancel')).toEqual(['a:cancel:1']);
    expect(world.states()).toEqual({ a: 'failed', b: 'skipped' });
    expect(world.timers.size).toBe(0);
  });

  it('leaves an UNKNOWN what it is', () => {
    const world = new World(flow([step('a'), step('b', { needs: ['a'], if: 'always()' })]));
    world.unknown('run:a:run:1');
    world.strike('flow:timeout');
    expect(world.run.state).toBe('failed');
    expect(world.states()).toEqual({ a: 'unknown', b: 'skipped' });
    expect(world.effects).toContainEqual({ kind: 'give-up', command: 'run:a:run:1' });
  });
});
