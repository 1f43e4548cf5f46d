import { describe, expect, it } from 'vitest';
import { flow, retry, step, undo } from '../../test/planned-world.js';
import { SlotWorld } from '../../test/slot-world.js';
import type { Flow, Step } from '../model.js';

const SLOT = { scope: 'environment', key: 'production' };

const deploy = (more: Partial<Step> = {}): Step => step('deploy', { environment: 'production', ...more });

const shop = (more: Partial<Step> = {}, rest: Partial<Flow> = {}): Flow => flow([deploy(more), step('smoke', { needs: ['deploy'] })], rest);

const worldWith = (concurrency = 1): SlotWorld => {
  const world = new SlotWorld();
  world.environments = { production: { concurrency, branches: ['main'] } };
  return world;
};

const two = (more: Partial<Step> = {}, rest: Partial<Flow> = {}): SlotWorld => {
  const world = worldWith();
  world.start('old', shop(more, rest));
  world.start('new', shop(more, rest));
  return world;
};

const deployOf = (world: SlotWorld, run: string) => world.run(run).steps[0]!;

describe('a step whose environment is taken', () => {
  it('waits, says who is deploying there, and goes on when its turn comes', () => {
    const world = two();
    const reason = 'environment production is taken: step deploy of run old (release) is deploying there';
    expect(deployOf(world, 'new').run).toMatchObject({ state: 'waiting', reason, attempts: [] });
    expect(world.run('new')).toMatchObject({ state: 'waiting', reason: `step deploy is waiting: ${reason}` });
    world.ends('old:deploy:run:1', 'success');
    expect(world.run('old').state).toBe('running');
    world.settleAll();
    expect(deployOf(world, 'new').run).toMatchObject({ state: 'triggering', attempts: [{ number: 1 }] });
    expect(deployOf(world, 'new').run.reason).toBeUndefined();
    expect(world.run('new').state).toBe('running');
  });

  it('is served in the order of coming, over all flows, and told who deploys now', () => {
    const world = two();
    world.start('third', { ...shop(), name: 'other' });
    world.ends('old:deploy:run:1', 'failure');
    world.settleAll();
    expect(deployOf(world, 'new').run.state).toBe('triggering');
    expect(deployOf(world, 'third').run.reason).toContain('step deploy of run new (release)');
  });

  it('says once that it waits for its place, not who is there', () => {
    const world = two();
    world.start('third', { ...shop(), name: 'other' });
    world.ends('old:deploy:run:1', 'failure');
    world.settleAll();
    expect(deployOf(world, 'third').run.reason).toContain('run new');
    // Of `new` and of `third`, when they came.
    expect(world.effects.flatMap((effect) => (effect.kind === 'event' && effect.awaits ? [effect.awaits] : []))).toEqual([['deploy'], ['deploy']]);
  });

  it('asks every question again when its turn comes: the branch rule may be another', () => {
    const world = two();
    world.environments = { production: { concurrency: 1, branches: ['release/**'] } };
    world.ends('old:deploy:run:1', 'success');
    world.settleAll();
    expect(deployOf(world, 'new').run).toMatchObject({ state: 'failed', reason: expect.stringContaining('takes only release/**') });
    expect(world.placesIn(SLOT)).toEqual([]);
  });

  it('that is retried stands in line again, and leaves it when a step beside it fails', () => {
    const world = worldWith();
    const beside = flow([deploy(), step('beside')]);
    world.start('new', beside);
    world.ends('new:deploy:run:1', 'failure');
    world.ends('new:beside:run:1', 'failure');
    world.start('old', shop());
    world.feed('new', { kind: 'retry', by: 'alice' });
    expect(deployOf(world, 'new').run).toMatchObject({ state: 'waiting', reason: expect.stringContaining('run old (release) is deploying there') });
    world.ends('new:beside:run:2', 'failure');
    expect(world.run('new')).toMatchObject({ state: 'failed', reason: expect.stringContaining('step beside failed') });
    expect(world.placesIn(SLOT)).toMatchObject([{ run: 'old' }]);
  });

  it('whose turn comes in a freeze gives its place back, and asks for one when it is over', () => {
    const world = two();
    world.environments = { production: { concurrency: 1, freeze: [{ from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }] } };
    world.ends('old:deploy:run:1', 'success');
    world.settleAll();
    expect(deployOf(world, 'new').run).toMatchObject({ state: 'waiting', reason: expect.stringContaining('frozen until 2100'), gate: { kind: 'freeze' } });
    expect(world.placesIn(SLOT)).toEqual([]);
    world.environments = { production: { concurrency: 1 } };
    world.feed('new', { kind: 'timer', timer: { kind: 'gate', step: 'deploy', gate: 1 } });
    expect(deployOf(world, 'new').run.state).toBe('triggering');
    expect(world.placesIn(SLOT)).toMatchObject([{ run: 'new', held: true }]);
  });

  it('leaves the line on cancel, and when the time of the run is over', () => {
    const world = two();
    expect(world.feed('new', { kind: 'cancel', by: 'alice' }).state).toBe('cancelled');
    world.start('late', shop());
    expect(world.overtime('late')).toMatchObject({ state: 'failed', reason: expect.stringContaining('timed out') });
    expect(world.placesIn(SLOT)).toMatchObject([{ run: 'old' }]);
  });

  it('leaves the line when a step beside it fails: it does not start any more', () => {
    const world = worldWith();
    world.start('old', shop());
    world.start('new', flow([deploy(), step('beside'), deploy({ name: 'always', if: 'always()' })]));
    world.ends('new:beside:run:1', 'failure');
    expect(world.run('new').steps.map(({ run }) => run.state)).toEqual(['skipped', 'failed', 'waiting']);
    expect(world.placesIn(SLOT)).toMatchObject([{ run: 'old' }, { run: 'new', step: 'always' }]);
  });

  it('goes on when the environment has no limit any more', () => {
    const world = two();
    world.environments = { production: {} };
    world.places = world.places.map((place) => ({ ...place, limit: Number.MAX_SAFE_INTEGER }));
    world.settleAll();
    expect(deployOf(world, 'new').run.state).toBe('triggering');
  });
});

describe('a place in an environment', () => {
  it('is kept over retries, their pauses included', () => {
    const world = two({ retry: retry(2) });
    world.ends('old:deploy:run:1', 'failure');
    world.settleAll();
    expect(deployOf(world, 'old')).toMatchObject({ run: { state: 'waiting' }, slot: { held: true } });
    world.feed('old', { kind: 'timer', timer: { kind: 'retry', step: 'deploy', work: 'run', attempt: 1 } });
    world.ends('old:deploy:run:2', 'failure');
    world.settleAll();
    expect(deployOf(world, 'new').run.state).toBe('triggering');
  });

  it('is kept by an UNKNOWN until that is settled or given up', () => {
    const world = two();
    world.feed('old', { kind: 'unknown', result: { command: 'old:deploy:run:1', reason: 'timeout' } });
    world.settleAll();
    expect(deployOf(world, 'new').run.state).toBe('waiting');
    world.feed('old', { kind: 'cancel', by: 'alice' });
    world.settleAll();
    expect(deployOf(world, 'new').run.state).toBe('triggering');
  });

  it('is given on by one step of a run to the next in line, not to the next step of the same run', () => {
    const world = worldWith();
    const twice = flow([deploy(), deploy({ name: 'again', needs: ['deploy'] })]);
    world.start('old', twice);
    world.ends('old:deploy:run:1', 'success');
    expect(world.run('old').steps[1]!.run.state).toBe('triggering');
    world.start('new', shop());
    world.ends('old:again:run:1', 'success');
    world.start('third', twice);
    expect(world.run('third').steps[0]!.run.state).toBe('waiting');
    world.settleAll();
    world.ends('new:deploy:run:1', 'success');
    world.settleAll();
    world.start('fourth', shop());
    world.ends('third:deploy:run:1', 'success');
    expect(world.run('third').steps[1]!.run).toMatchObject({ state: 'waiting', reason: 'others wait before it for environment production' });
    world.settleAll();
    expect(deployOf(world, 'fourth').run.state).toBe('triggering');
  });

  it('is given to as many as the environment takes, two of one run among them', () => {
    const world = worldWith(2);
    world.start('old', flow([deploy(), deploy({ name: 'b' }), deploy({ name: 'c' })]));
    expect(world.run('old').steps.map(({ run }) => run.state)).toEqual(['triggering', 'triggering', 'waiting']);
    world.ends('old:b:run:1', 'success');
    world.settleAll();
    expect(world.run('old').steps[2]!.run.state).toBe('triggering');
  });
});

describe('a rollback', () => {
  const ways = { onFailure: 'rollback' as const };

  it('takes over the place of a step that has failed itself', () => {
    const world = two({ rollback: undo() }, ways);
    world.ends('old:deploy:run:1', 'failure');
    world.settleAll();
    expect(world.commands.has('old:deploy:rollback:1')).toBe(true);
    expect(deployOf(world, 'new').run.state).toBe('waiting');
    world.ends('old:deploy:rollback:1', 'success');
    world.settleAll();
    expect(deployOf(world, 'new').run.state).toBe('triggering');
  });

  it('waits in the line like everybody, and is superseded by who has deployed meanwhile', () => {
    const world = two({ rollback: undo() }, ways);
    world.ends('old:deploy:run:1', 'success');
    world.settleAll();
    world.now = new Date('2026-11-24T09:00:00Z');
    world.ends('old:smoke:run:1', 'failure');
    expect(world.run('old')).toMatchObject({ state: 'rolling-back', steps: [{ rollback: { state: 'waiting', reason: expect.stringContaining('step deploy of run new') } }, {}] });
    world.ends('new:deploy:run:1', 'success');
    world.ledger = { production: { latest: { run: 'new', at: '2026-11-24T09:00:00Z' } } };
    world.settleAll();
    expect(world.run('old')).toMatchObject({ state: 'failed', steps: [{ rollback: { state: 'skipped' } }, {}] });
    expect(world.placesIn(SLOT)).toEqual([]);
  });

  it('goes on when its turn comes, and leaves the line when its own time is over', () => {
    const world = two({ rollback: undo() }, ways);
    world.ends('old:deploy:run:1', 'success');
    world.settleAll();
    world.ends('old:smoke:run:1', 'failure');
    world.overtime('old');
    expect(world.run('old')).toMatchObject({ state: 'failed', reason: expect.stringContaining('not undone: deploy (the time of the rollback was over)') });
    world.ends('new:deploy:run:1', 'success');
    world.start('third', shop());
    world.ends('new:smoke:run:1', 'failure');
    world.ends('third:deploy:run:1', 'failure');
    world.settleAll();
    expect(world.commands.has('new:deploy:rollback:1')).toBe(true);
  });
});
