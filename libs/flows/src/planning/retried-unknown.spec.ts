import { describe, expect, it } from 'vitest';
import { flow, retry, step, undo } from '../../test/planned-world.js';
import { SlotWorld } from '../../test/slot-world.js';

/** `old` ended with an UNKNOWN and gave its places back; `new` has them when it is retried. */
const retried = (steps: Parameters<typeof flow>[0], more: Parameters<typeof flow>[1] = {}): SlotWorld => {
  const world = new SlotWorld();
  world.environments = { production: { concurrency: 1 } };
  world.start('old', flow(steps, more));
  world.feed('old', { kind: 'unknown', result: { command: 'old:deploy:run:1', reason: 'timeout' } });
  world.overtime('old');
  expect(world.run('old')).toMatchObject({ state: 'failed', steps: expect.arrayContaining([expect.objectContaining({ run: expect.objectContaining({ state: 'unknown' }) })]) });
  world.start('new', flow([step('deploy', { environment: 'production' })], more));
  world.feed('old', { kind: 'retry', by: 'alice' });
  return world;
};

const settled = (world: SlotWorld, ran: boolean) => world.feed('old', { kind: 'resolve', step: 'deploy', ran, ...(ran && { platformRun: '77' }), by: 'alice' });
const sent = (world: SlotWorld): string[] => [...world.commands].flatMap(([id, { purpose }]) => (purpose === 'run' && id.startsWith('old') ? [id.slice(4)] : []));

describe('an UNKNOWN of a run that was retried', () => {
  it('asks for its place in the environment again before it is sent', () => {
    const world = retried([step('deploy', { environment: 'production' })]);
    settled(world, false);
    expect(world.run('old').steps[0]).toMatchObject({ run: { state: 'waiting', reason: 'environment production is taken: step deploy of run new (release) is deploying there' }, slot: { held: false } });
    expect(sent(world)).toEqual(['deploy:run:1']);
    world.ends('new:deploy:run:1', 'success');
    world.settleAll();
    expect(sent(world)).toEqual(['deploy:run:1', 'deploy:run:2']);
  });

  const group = { concurrency: { group: 'one', limit: 1, whenFull: 'queue' } } as const;
  const queued = (): SlotWorld => {
    const world = retried([step('deploy', { retry: retry(2) })], group);
    expect(world.run('old').state).toBe('queued');
    return world;
  };

  it('is not sent while its run is queued', () => {
    const world = queued();
    settled(world, false);
    expect(world.run('old')).toMatchObject({ state: 'queued', steps: [{ run: { state: 'pending' } }] });
    world.ends('new:deploy:run:1', 'success');
    world.settleAll();
    expect(sent(world)).toEqual(['deploy:run:1', 'deploy:run:2']);
  });

  it('that turns out to have failed is tried again when its run has its place', () => {
    const world = queued();
    settled(world, true);
    world.ends('old:deploy:run:2', 'failure');
    expect(world.run('old')).toMatchObject({ state: 'queued', steps: [{ run: { state: 'pending' } }] });
    world.ends('new:deploy:run:1', 'success');
    world.settleAll();
    expect(sent(world)).toEqual(['deploy:run:1', 'deploy:run:2', 'deploy:run:3']);
  });

  it('is cancelled at its platform with a queued run', () => {
    const world = queued();
    settled(world, true);
    world.feed('old', { kind: 'cancel', by: 'bob' });
    expect(world.run('old')).toMatchObject({ state: 'cancelled', steps: [{ run: { state: 'cancelled' } }] });
    expect(world.commands.get('old:deploy:cancel:1')).toMatchObject({ platformRun: '77' });
  });
});

describe('an UNKNOWN of a run that a full group turns away', () => {
  it.each(['drop', 'replace-queued'] as const)('stays one: %s does not end it at its platform', (whenFull) => {
    const world = retried([step('deploy')], { concurrency: { group: 'one', limit: 1, whenFull } });
    if (whenFull === 'replace-queued') world.start('newer', flow([step('deploy')], { concurrency: { group: 'one', limit: 1, whenFull } }));
    world.settleAll();
    expect(world.run('old')).toMatchObject({ state: 'cancelled', steps: [{ run: { state: 'unknown' } }] });
    expect([...world.commands.values()].filter(({ purpose }) => purpose === 'cancel')).toEqual([]);
  });
});

describe('what was behind what is done again', () => {
  it('is done again by the next retry, though it ended well after the time of the run was over', () => {
    const world = new SlotWorld();
    const steps = [step('a', { rollback: undo() }), step('deploy', { needs: ['a'] }), step('c'), step('d', { needs: ['c'], if: 'always()' })];
    world.start('old', flow(steps));
    world.ends('old:a:run:1', 'success');
    world.feed('old', { kind: 'unknown', result: { command: 'old:deploy:run:1', reason: 'timeout' } });
    world.ends('old:c:run:1', 'failure');
    world.ends('old:d:run:1', 'success');
    world.feed('old', { kind: 'rollback', by: 'alice' });
    world.ends('old:a:rollback:1', 'success');
    world.feed('old', { kind: 'retry', by: 'alice' });
    world.ends('old:a:run:2', 'success');
    world.overtime('old');
    world.ends('old:deploy:run:1', 'success');
    world.ends('old:d:run:2', 'success');
    expect(world.run('old').state).toBe('failed');
    world.feed('old', { kind: 'retry', by: 'alice' });
    expect(sent(world)).toContain('deploy:run:2');
  });
});

describe('an environment that got a limit while a step was UNKNOWN', () => {
  it('does not take the turn of a run that was never retried', () => {
    const world = new SlotWorld();
    world.start('old', flow([step('deploy', { environment: 'production' })]));
    world.feed('old', { kind: 'unknown', result: { command: 'old:deploy:run:1', reason: 'timeout' } });
    world.environments = { production: { concurrency: 1 } };
    settled(world, false);
    expect(sent(world)).toEqual(['deploy:run:1', 'deploy:run:2']);
  });
});

describe('a queued run', () => {
  it('that had done something is rolled back on order, and leaves the line', () => {
    const concurrency = { group: 'one', limit: 1, whenFull: 'queue' } as const;
    const world = new SlotWorld();
    const [undone, other] = [flow([step('deploy', { rollback: undo() }), step('smoke', { needs: ['deploy'] })], { concurrency }), flow([step('a')], { concurrency })];
    world.start('old', undone);
    world.ends('old:deploy:run:1', 'success');
    world.ends('old:smoke:run:1', 'failure');
    world.start('new', other);
    world.feed('old', { kind: 'retry', by: 'alice' });
    expect(world.run('old').state).toBe('queued');
    world.feed('old', { kind: 'rollback', by: 'alice' });
    expect(world.run('old').state).toBe('rolling-back');
    expect(world.places.map(({ run }) => run)).toEqual(['new']);
    world.ends('old:deploy:rollback:1', 'success');
    expect(world.run('old')).toMatchObject({ state: 'rolled-back', reason: 'rollback ordered by alice' });
    world.ends('new:a:run:1', 'success');
    expect([world.run('new').state, world.places]).toEqual(['succeeded', []]);
  });
});
