import { describe, expect, it } from 'vitest';
import { World, flow, retry, step } from '../../test/planned-world.js';

/** Step `a` is UNKNOWN, and a person names the run that it has become. */
const named = (platformRun: string, more: Parameters<typeof step>[1] = {}): World => {
  const world = new World(flow([step('a', more)]));
  world.unknown('run:a:run:1');
  world.feed({ kind: 'resolve', step: 'a', ran: true, platformRun, by: 'alice' });
  return world;
};

const cancels = (world: World) => world.sent('cancel').map((id) => world.commands.get(`run:${id}`)!).map(({ cancels: of, platformRun }) => [of, platformRun]);

describe('a run that a person named', () => {
  it('is cancelled itself, also before it is followed, and not twice', () => {
    const world = named('77');
    world.feed({ kind: 'cancel', by: 'bob' });
    world.accepted('run:a:run:2', { id: '77' });
    expect(cancels(world)).toEqual([['run:a:run:1', '77']]);
  });

  it('is cancelled itself, also when its command turned out meanwhile to have started that, or another', () => {
    const [same, other] = [named('77'), named('77')];
    same.accepted('run:a:run:1', { id: '77' });
    other.accepted('run:a:run:1', { id: '78' });
    for (const world of [same, other]) {
      world.feed({ kind: 'cancel', by: 'bob' });
      expect(cancels(world)).toEqual([['run:a:run:1', '77']]);
    }
  });

  it('is cancelled itself in a run that was retried, and whose end was told late', () => {
    const world = new World(flow([step('a')]));
    world.unknown('run:a:run:1');
    world.strike('flow:timeout');
    world.platform('77', 'started', undefined, { correlation: 'run:a:run:1', run: { id: '77' } });
    world.feed({ kind: 'retry', by: 'alice' }, { kind: 'resolve', step: 'a', ran: true, platformRun: '77', by: 'alice' }, { kind: 'cancel', by: 'bob' });
    expect(cancels(world)).toEqual([['run:a:run:1', '77']]);
  });

  it('and is not there does not keep the real one from being cancelled when that is known', () => {
    const world = named('99');
    world.rejected('run:a:run:2', 'refused');
    world.feed({ kind: 'cancel', by: 'bob' });
    for (const _ of [1, 2]) world.accepted('run:a:run:1', { id: '77' });
    expect(cancels(world)).toEqual([['run:a:run:1', '99'], ['run:a:run:1', '99']]);
    expect(world.run.steps[0]!.run.attempts[0]!.run).toMatchObject({ id: '77' });
  });

  it('is the one that is followed, whichever its command turns out to have started', () => {
    for (const order of [['1', '2'], ['2', '1']]) {
      const world = named('77');
      for (const n of order) world.accepted(`run:a:run:${n}`, { id: n === '1' ? '78' : '77' });
      world.platform('77', 'finished', 'success');
      expect([order, world.run.state]).toEqual([order, 'succeeded']);
    }
  });

  it.each(['refused', 'error'] as const)('and is not there leaves the step unknown, however often that is said (%s)', (rejection) => {
    const world = named('99', { retry: retry(2) });
    for (const _ of [1, 2]) world.rejected('run:a:run:2', rejection, 'no such run');
    expect(world.states()).toEqual({ a: 'unknown' });
    expect([...world.timers.keys()]).not.toContain('a:run:1:retry');
  });
});

describe('a command that is sent once more', () => {
  it('has nothing of the platform run that the one before was thought to have', () => {
    const world = new World(flow([step('a')]));
    world.unknown('run:a:run:1');
    world.strike('flow:timeout');
    world.platform('77', 'started', undefined, { correlation: 'run:a:run:1', run: { id: '77' } });
    world.feed({ kind: 'retry', by: 'alice' }, { kind: 'resolve', step: 'a', ran: false, by: 'alice' });
    world.accepted('run:a:run:2', { id: '78' });
    world.platform('78', 'finished', 'success');
    expect(world.run.state).toBe('succeeded');
  });

  it('is refused in a run that is over', () => {
    const world = new World(flow([step('a'), step('b')]));
    world.unknown('run:a:run:1');
    world.ends('run:b:run:1', 'failure');
    expect(world.feed({ kind: 'resend', command: 'run:a:run:1' }).refusal?.detail).toBe('the run is failed already');
    expect(world.states().a).toBe('unknown');
  });
});
