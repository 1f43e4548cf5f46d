import { describe, expect, it } from 'vitest';
import { World, flow, retry, step, undo } from '../../test/planned-world.js';

const BACK = { onFailure: 'rollback' } as const;
const PRODUCTION = { environment: 'production' };

describe('a rollback', () => {
  /** `a` is done, `b` behind it failed: `a` is being undone. */
  const undoing = (a: Parameters<typeof step>[1] = {}): World => {
    const world = new World(flow([step('a', { rollback: undo(), ...a }), step('b', { needs: ['a'] })], BACK));
    if (a?.await === false) world.accepted('run:a:run:1', { followed: false });
    else world.ends('run:a:run:1', 'success');
    world.ends('run:b:run:1', 'failure');
    expect(world.run.state).toBe('rolling-back');
    return world;
  };

  it('is awaited as its own action is, whatever its step does', () => {
    const world = undoing({ await: false, rollback: { ...undo(), await: true } });
    world.accepted('run:a:rollback:1');
    expect(world.run.state).toBe('rolling-back');
    world.platform('run:a:rollback:1', 'finished', 'failure');
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringContaining('not undone: a') });
    const sent = undoing({ rollback: { ...undo(), await: false } });
    expect(sent.commands.get('run:a:rollback:1')).toMatchObject({ await: false });
    expect(undoing({ awaitPipeline: 'deploy.yml' }).commands.get('run:a:rollback:1')).not.toHaveProperty('awaitPipeline');
  });

  it('by the action of its step is awaited as that is, also by its pipeline', () => {
    const same = { ...undo(), uses: { connection: 'gitlab', action: 'trigger-pipeline' } };
    expect(undoing({ awaitPipeline: 'deploy.yml', rollback: same }).commands.get('run:a:rollback:1')).toMatchObject({ await: true, awaitPipeline: 'deploy.yml' });
    expect(undoing({ awaitPipeline: 'deploy.yml', rollback: { ...same, await: true, awaitPipeline: 'back.yml' } }).commands.get('run:a:rollback:1')).toMatchObject({ awaitPipeline: 'back.yml' });
  });

  it('that its platform skipped has undone nothing', () => {
    const world = undoing();
    world.ends('run:a:rollback:1', 'skipped');
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringContaining("not undone: a (the platform's run ended with skipped)") });
  });

  const overtaken = (world: World): World => {
    world.facts = { ...world.facts, ledger: { production: { latest: { run: 'newer', at: '2026-11-25T08:00:00Z' } } } };
    return world;
  };
  const superseded = { state: 'failed', reason: expect.stringContaining('superseded: run newer has deployed there since') };

  it('is not sent once more over a newer deployment, when a person says that it never ran', () => {
    const world = undoing(PRODUCTION);
    world.unknown('run:a:rollback:1');
    overtaken(world).feed({ kind: 'resolve', step: 'a', ran: false, by: 'alice' });
    expect(world.sent('rollback')).toEqual(['a:rollback:1']);
    expect(world.run).toMatchObject(superseded);
  });

  it('is not tried once more over a newer deployment, nor sent again from a dead letter', () => {
    const tried = undoing({ ...PRODUCTION, rollback: { ...undo(), retry: retry(2) } });
    tried.ends('run:a:rollback:1', 'failure');
    overtaken(tried).strike('a:rollback:1:retry');
    expect(tried.run).toMatchObject(superseded);
    const letter = undoing(PRODUCTION);
    letter.unknown('run:a:rollback:1');
    expect(overtaken(letter).feed({ kind: 'resend', command: 'run:a:rollback:1' }).refusal?.detail).toContain('superseded');
  });

  it('is tried again as the flow says, also after the time of the run', () => {
    const world = new World(flow([step('a', { rollback: { ...undo(), retry: retry(2) } }), step('b', { needs: ['a'] })], BACK));
    world.ends('run:a:run:1', 'success');
    world.accepted('run:b:run:1');
    world.strike('flow:timeout');
    world.ends('run:a:rollback:1', 'failure');
    world.strike('a:rollback:1:retry');
    world.ends('run:a:rollback:2', 'success');
    expect(world.run.state).toBe('rolled-back');
  });

  it('has its own time, when the clock of the run had struck before it began', () => {
    const world = undoing();
    const { due } = world.timers.get('flow:timeout')!;
    world.timers.delete('flow:timeout');
    world.feed({ kind: 'timer', timer: { kind: 'flow-timeout' } });
    expect(world.timers.get('flow:timeout')?.due).toEqual(due);
    world.ends('run:a:rollback:1', 'success');
    expect(world.run.state).toBe('rolled-back');
  });
});

describe('a step that turns out', () => {
  it('never to have started is not undone', () => {
    const world = new World(flow([step('a', { rollback: undo() }), step('b')], BACK));
    world.unknown('run:a:run:1');
    world.rejected('run:a:run:1', 'error', 'it was never started');
    world.ends('run:b:run:1', 'failure');
    expect([world.run.state, world.sent('rollback')]).toEqual(['failed', []]);
  });

  it('never to have started after the end of its run is not undone on order', () => {
    const world = new World(flow([step('a', { rollback: undo() }), step('b')]));
    world.unknown('run:a:run:1');
    world.ends('run:b:run:1', 'failure');
    world.rejected('run:a:run:1', 'error', 'it was never started');
    expect(world.feed({ kind: 'rollback', by: 'alice' }).refusal?.detail).toBe('nothing can be rolled back: b (it has no rollback)');
  });

  it('never to have started is not tried to be undone any more', () => {
    const world = new World(flow([step('u', { rollback: { ...undo(), retry: retry(2) } }), step('b')], BACK));
    world.unknown('run:u:run:1');
    world.ends('run:b:run:1', 'failure');
    world.ends('run:u:rollback:1', 'failure');
    world.rejected('run:u:run:1', 'error', 'it was never started');
    world.strike('u:rollback:1:retry');
    expect(world.sent('rollback')).toEqual(['u:rollback:1']);
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringContaining('nothing was rolled back: u it never ran') });
  });

  it('to run while it is undone is cancelled, once', () => {
    for (const tell of [(world: World) => world.accepted('run:u:run:1', { id: '77' }), (world: World) => world.platform('77', 'started', undefined, { correlation: 'run:u:run:1', run: { id: '77' } })]) {
      const world = new World(flow([step('u', { rollback: undo() }), step('b')], BACK));
      world.unknown('run:u:run:1');
      world.ends('run:b:run:1', 'failure');
      for (const _ of [1, 2]) tell(world);
      expect(world.sent('cancel').map((id) => world.commands.get(`run:${id}`)!.platformRun)).toEqual(['77']);
      world.ends('run:u:rollback:1', 'success');
      expect(world.run.state).toBe('rolling-back');
      world.platform('77', 'finished', 'cancelled');
      expect(world.run.state).toBe('rolled-back');
    }
  });
});
