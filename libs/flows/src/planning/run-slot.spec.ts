import { describe, expect, it } from 'vitest';
import { flow, step, undo } from '../../test/planned-world.js';
import { SlotWorld } from '../../test/slot-world.js';
import type { Concurrency, Flow } from '../model.js';

const SLOT = { scope: 'flow:release', key: 'main' };

const grouped = (whenFull: Concurrency['whenFull'], more: Partial<Flow> = {}, limit = 1): Flow =>
  flow([step('a'), step('tidy', { needs: ['a'], if: 'always()' })], { concurrency: { group: '${{ event.branch }}', limit, whenFull }, ...more });

const timers = (world: SlotWorld, run: string) => world.effects.filter((effect) => effect.kind === 'set-timer' && effect.key === 'flow:timeout' && world.runs.has(run)).length;

const two = (whenFull: Concurrency['whenFull']): SlotWorld => {
  const world = new SlotWorld();
  world.start('old', grouped(whenFull));
  world.start('new', grouped(whenFull));
  return world;
};

describe('a run whose group is full', () => {
  it('is queued: nothing has begun, no clock runs, and it says who is in the group', () => {
    const world = two('queue');
    expect(world.run('old')).toMatchObject({ state: 'running', slot: { state: 'held' } });
    expect(world.run('new')).toMatchObject({ state: 'queued', reason: 'group "main" is full: run old is in it', version: 1 });
    expect(world.run('new').startedAt).toBeUndefined();
    expect(timers(world, 'new')).toBe(1);
    expect([...world.commands.keys()].filter((id) => id.startsWith('new'))).toEqual(['new:report:report:1']);
    expect(world.commands.get('new:report:report:1')?.with).toMatchObject({ state: 'pending', description: 'Queued' });
  });

  it('begins when its turn comes; its time counts from then on, and the commit hears of it', () => {
    const world = two('queue');
    world.now = new Date('2026-11-24T20:00:00Z');
    world.ends('old:a:run:1', 'success');
    world.ends('old:tidy:run:1', 'success');
    expect(world.run('new').state).toBe('queued');
    world.settleAll();
    expect(world.run('new')).toMatchObject({ state: 'running', startedAt: '2026-11-24T20:00:00.000Z', version: 2 });
    expect(world.run('new').reason).toBeUndefined();
    expect(world.effects.findLast((effect) => effect.kind === 'set-timer')).toMatchObject({ key: 'flow:timeout', due: new Date('2026-11-25T20:00:00Z') });
    world.feed('new', { kind: 'accepted', result: { command: 'new:report:report:1' } });
    expect(world.commands.get('new:report:report:2')?.with).toMatchObject({ state: 'pending', description: 'Running' });
    world.feed('new', { kind: 'slot' });
    expect(world.run('new').version).toBe(2);
  });

  it('that is retried asks for a place as a new one does, in the group it had', () => {
    const world = new SlotWorld();
    world.start('old', grouped('queue'));
    world.ends('old:a:run:1', 'failure');
    world.ends('old:tidy:run:1', 'success');
    expect(world.run('old')).toMatchObject({ state: 'failed', slot: { state: 'left' } });
    world.start('new', grouped('queue'));
    world.feed('old', { kind: 'retry', by: 'alice' });
    expect(world.run('old')).toMatchObject({ state: 'queued', attempt: 2, reason: 'group "main" is full: run new is in it' });
    expect(world.commands.has('old:a:run:2')).toBe(false);
    world.ends('new:a:run:1', 'success');
    world.ends('new:tidy:run:1', 'success');
    world.settleAll();
    expect(world.run('old').state).toBe('running');
    world.ends('old:a:run:2', 'success');
    world.ends('old:tidy:run:2', 'success');
    expect(world.run('old')).toMatchObject({ state: 'succeeded', slot: { state: 'left' } });
    expect(world.placesIn(SLOT)).toEqual([]);
  });

  it('is not in the way of another group, nor of the same text in another flow', () => {
    const world = two('queue');
    expect(world.start('other', grouped('queue'), { branch: 'release/1' }).state).toBe('running');
    expect(world.start('another', { ...grouped('queue'), name: 'deploy' }).state).toBe('running');
  });

  it('is told who is in the group when that changes', () => {
    const world = two('queue');
    world.start('newer', grouped('queue'));
    world.feed('old', { kind: 'cancel', by: 'alice' });
    world.feed('old', { kind: 'cancel', by: 'alice' });
    world.settleAll();
    expect(world.run('new').state).toBe('running');
    expect(world.run('newer')).toMatchObject({ state: 'queued', reason: 'group "main" is full: run new is in it' });
  });

  it('ends when a person cancels it, whatever its steps say; its place in the line is free', () => {
    const world = two('queue');
    expect(world.feed('new', { kind: 'cancel', by: 'alice' })).toMatchObject({ state: 'cancelled', reason: 'cancelled by alice', steps: [{ run: { state: 'cancelled' } }, { run: { state: 'cancelled' } }] });
    expect(world.run('new').startedAt).toBeUndefined();
    expect(world.placesIn(SLOT)).toMatchObject([{ run: 'old' }]);
  });
});

describe('when-full', () => {
  it('replace-queued: the newest takes the place of the one that waits', () => {
    const world = two('replace-queued');
    world.start('newest', grouped('replace-queued'));
    world.settleAll();
    expect(world.run('new')).toMatchObject({ state: 'cancelled', reason: 'replaced by run newest, which is newer in group "main"' });
    expect([world.run('old').state, world.run('newest').state]).toEqual(['running', 'queued']);
  });

  it('cancel-running: the running one is cancelled as by an order, with what it tidies up; then the new one begins', () => {
    const world = two('cancel-running');
    world.settleAll();
    expect(world.run('old')).toMatchObject({ state: 'running', cancelled: { by: 'run new, which is newer in group "main"' } });
    expect(world.commands.has('old:a:cancel:1')).toBe(true);
    expect(world.commands.has('old:tidy:run:1')).toBe(true);
    expect(world.run('new').state).toBe('queued');
    world.settleAll();
    world.ends('old:tidy:run:1', 'success');
    expect(world.run('old')).toMatchObject({ state: 'cancelled', reason: 'cancelled by run new, which is newer in group "main"' });
    world.settleAll();
    expect(world.run('new').state).toBe('running');
  });

  it('cancel-running: a rollback is let go on, and the new one waits until it is over', () => {
    const world = new SlotWorld();
    const rolling = grouped('cancel-running', { steps: [step('a', { rollback: undo() }), step('b', { needs: ['a'] })], onFailure: 'rollback' });
    world.start('old', rolling);
    world.ends('old:a:run:1', 'success');
    world.ends('old:b:run:1', 'failure');
    world.start('new', rolling);
    world.settleAll();
    expect([world.run('old').state, world.run('new').state]).toEqual(['rolling-back', 'queued']);
    expect(world.feed('old', { kind: 'make-room', newer: 'new' }).cancelled).toBeUndefined();
    world.ends('old:a:rollback:1', 'success');
    world.settleAll();
    expect([world.run('old').state, world.run('new').state]).toEqual(['rolled-back', 'running']);
  });

  it('drop: the run is recorded, says why, and never began', () => {
    const world = two('drop');
    expect(world.run('new')).toMatchObject({ state: 'cancelled', reason: 'dropped: group "main" is full: run old is in it', finishedAt: '2026-11-24T08:00:00.000Z' });
    expect(world.run('new').startedAt).toBeUndefined();
    expect(world.placesIn(SLOT)).toMatchObject([{ run: 'old' }]);
    expect(world.effects.findLast((effect) => effect.kind === 'event')).toMatchObject({ type: 'run.cancelled' });
  });

  it('drop: of several who are in it all are named', () => {
    const world = new SlotWorld();
    for (const run of ['first', 'second', 'third']) world.start(run, grouped('drop', {}, 2));
    expect(world.run('third')).toMatchObject({ state: 'cancelled', reason: 'dropped: group "main" is full: run first, run second are in it' });
  });

  it('drop: a slot that cannot be seen just now drops nobody; who is in it then, does', () => {
    const world = new SlotWorld();
    world.busy.add('flow:release main');
    expect(world.start('old', grouped('drop')).state).toBe('queued');
    expect(world.start('new', grouped('drop')).state).toBe('queued');
    world.busy.clear();
    world.settleAll();
    expect(world.run('old').state).toBe('running');
    expect(world.run('new')).toMatchObject({ state: 'cancelled', reason: 'dropped: group "main" is full: run old is in it' });
  });

  it('drop: whoever comes while others have not had their turn yet is dropped only if there is no room behind them', () => {
    const world = new SlotWorld();
    const flow = grouped('drop', { concurrency: { group: 'main', limit: 2, whenFull: 'drop' } });
    world.busy.add('flow:release main');
    world.start('first', flow);
    world.busy.clear();
    expect(world.start('second', flow)).toMatchObject({ state: 'queued', reason: 'others wait before it in group "main"' });
    expect(world.start('third', flow)).toMatchObject({ state: 'cancelled', reason: 'dropped: others wait before it in group "main"' });
    world.settleAll();
    expect([world.run('first').state, world.run('second').state]).toEqual(['running', 'running']);
  });
});

describe('the group', () => {
  const started = (group: string, more: Partial<Flow> = {}) => new SlotWorld().start('run', grouped('queue', { concurrency: { group, limit: 1, whenFull: 'queue' }, ...more }));

  it('is rendered once, at the start, and may use env; a number is text', () => {
    expect(started('${{ env.v }}', { env: { v: '${{ 1 + 1 }}' } }).slot).toEqual({ group: '2', state: 'held' });
    expect(started('at ${{ now() }}').slot?.state).toBe('held');
  });

  it('that cannot be rendered, or is no text, fails the run with the message', () => {
    expect(started('${{ event.nothing.here }}')).toMatchObject({ state: 'failed', reason: expect.stringMatching(/^concurrency: /) });
    expect(started('${{ event.run }}')).toMatchObject({ state: 'failed', reason: expect.stringMatching(/^concurrency: expected text, got \{/) });
  });
});
