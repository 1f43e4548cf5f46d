import { describe, expect, it } from 'vitest';
import { World, flow, step } from '../../test/planned-world.js';

const cancels = (world: World) => world.sent('cancel').map((id) => world.commands.get(`run:${id}`)!.platformRun);

describe('a run of a platform that carries the id of our command', () => {
  const echo = (world: World, id: string, predicate: 'started' | 'finished') =>
    world.platform(id, predicate, predicate === 'finished' ? 'success' : undefined, { correlation: 'run:a:run:1', run: { id } });

  it('is none of the step when its own is known: pipelines hand ids on to those they start', () => {
    const world = new World(flow([step('a'), step('deploy', { needs: ['a'] })]));
    world.accepted('run:a:run:1', { id: '78' });
    echo(world, '79', 'finished');
    expect(world.states()).toEqual({ a: 'running', deploy: 'pending' });
    world.platform('78', 'finished', 'failure');
    expect(world.states()).toEqual({ a: 'failed', deploy: 'skipped' });
  });

  it('is not the one that a person named', () => {
    const world = new World(flow([step('a')]));
    world.unknown('run:a:run:1');
    world.feed({ kind: 'resolve', step: 'a', ran: true, platformRun: '77', by: 'alice' });
    echo(world, '78', 'finished');
    expect(world.states()).toEqual({ a: 'triggering' });
    world.accepted('run:a:run:2', { id: '77' });
    world.platform('77', 'finished', 'failure');
    expect(world.states()).toEqual({ a: 'failed' });
  });

  it('counts when the one that a person named is not there', () => {
    const world = new World(flow([step('a')]));
    world.unknown('run:a:run:1');
    world.feed({ kind: 'resolve', step: 'a', ran: true, platformRun: '7', by: 'alice' });
    for (const predicate of ['finished', 'started'] as const) echo(world, '77', predicate);
    world.rejected('run:a:run:2', 'refused', 'no such run');
    expect(world.run).toMatchObject({ state: 'succeeded', steps: [{ run: { attempts: [{ run: { id: '77' } }] } }] });
    expect(world.historyFaults()).toEqual([]);
  });

  it('says nothing of the one that is known later', () => {
    const world = new World(flow([step('a')]));
    echo(world, '79', 'started');
    world.accepted('run:a:run:1', { id: '78' });
    world.platform('79', 'finished', 'success');
    expect(world.states()).toEqual({ a: 'running' });
    world.platform('78', 'finished', 'success');
    expect(world.run).toMatchObject({ state: 'succeeded', steps: [{ run: { attempts: [{ run: { id: '78', url: 'https://platform/78' } }] } }] });
  });

  it('is cancelled when it is heard of after the cancel, once', () => {
    const world = new World(flow([step('a')]));
    world.unknown('run:a:run:1');
    world.feed({ kind: 'cancel', by: 'bob' });
    for (const _ of [1, 2]) echo(world, '77', 'started');
    expect(cancels(world)).toEqual([undefined, '77']);
    const over = new World(flow([step('a')]));
    over.unknown('run:a:run:1');
    over.feed({ kind: 'cancel', by: 'bob' });
    echo(over, '77', 'finished');
    // Nor what a person runs again there, once it is over.
    over.platform('77', 'started', undefined, { attempt: 2 });
    expect(cancels(over)).toEqual([undefined]);
  });
});

describe('what is answered about an UNKNOWN after the end of its run', () => {
  const ended = (): World => {
    const world = new World(flow([step('u', { await: false }), step('b')]));
    world.unknown('run:u:run:1');
    world.ends('run:b:run:1', 'failure');
    expect(world.run.state).toBe('failed');
    return world;
  };

  it('changes nothing of the run, and counts when it is retried', () => {
    const accepted = ended();
    // Connectors say more than planning knows of.
    const result = { command: 'run:u:run:1', followed: false, repository: 'acme/u', flow: 'f' };
    accepted.feed({ kind: 'accepted', result });
    expect([accepted.states().u, accepted.historyFaults()]).toEqual(['unknown', []]);
    accepted.feed({ kind: 'retry', by: 'alice' });
    accepted.ends('run:b:run:2', 'success');
    expect(accepted.run.state).toBe('succeeded');
    expect(accepted.historyFaults()).toEqual([]);
  });

  it('also when it was refused', () => {
    const world = ended();
    world.rejected('run:u:run:1', 'refused', 'no such pipeline');
    world.feed({ kind: 'retry', by: 'alice' });
    world.ends('run:b:run:2', 'success');
    expect(world.run).toMatchObject({ state: 'failed', reason: 'step u failed (error): no such pipeline' });
  });
});
