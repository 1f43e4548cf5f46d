import { describe, expect, it } from 'vitest';
import { World, event, flow, retry, step, undo } from '../../../test/planned-world.js';
import type { EventContext, EventWait, Wait } from '../../model.js';

const waits = (wait: Wait, more = {}) => step('wait', { uses: undefined, with: {}, wait, ...more });

const forScan = (more: Partial<EventWait> = {}): EventWait => ({
  on: { event: ['pipelinerun.finished'], from: ['gitlab'], outcome: ['success'], forks: false }, key: '${{ event.sha }}', ...more,
});

const scan = (more: Partial<EventContext> = {}): EventContext =>
  ({ ...event, id: 'gitlab:9', fact: 'https://gitlab.example.com/acme/scan/pipelinerun/9/1/finished', connection: 'gitlab', platform: 'gitlab', ...more });

const listened = (world: World): unknown[] => world.effects.flatMap((effect): unknown[] => (effect.kind === 'listen' ? effect.awaited : effect.kind === 'stop-listening' ? ['stop'] : []));

describe('a wait for a time', () => {
  it('is over when its clock strikes', () => {
    const world = new World(flow([waits({ ms: 600_000 }), step('go', { needs: ['wait'] })]));
    expect(world.run).toMatchObject({ state: 'waiting', reason: 'step wait is waiting: waits until 2026-11-24T08:10:00.000Z' });
    expect(world.snapshot().steps[0]!.awaits).toEqual({ kind: 'time', until: '2026-11-24T08:10:00.000Z' });
    world.strike('wait:gate');
    expect(world.states()).toEqual({ wait: 'succeeded', go: 'triggering' });
  });

  it('counts as time of the flow, and ends with it', () => {
    const world = new World(flow([waits({ ms: 86_400_000 })], { timeoutMs: 60_000 }));
    world.strike('flow:timeout');
    expect(world.run.state).toBe('failed');
    expect([...world.timers.keys()]).toEqual([]);
  });

  it('is cancelled when a step fails; what had only waited is neither undone nor to blame', () => {
    const world = new World(flow([waits({ ms: 600_000 }), step('a', { rollback: undo() }), step('b', { retry: retry(2) })], { onFailure: 'rollback' }));
    world.ends('run:a:run:1', 'success');
    world.ends('run:b:run:1', 'failure');
    world.strike('b:run:1:retry');
    world.ends('run:b:run:2', 'failure');
    expect(world.run).toMatchObject({ state: 'rolling-back', reason: expect.stringContaining('step b failed') });
    expect(world.states().wait).toBe('cancelled');
  });
});

describe('a wait for an event', () => {
  it('is over with the event that fits and has the same key', () => {
    const world = new World(flow([waits(forScan({ withinMs: 3_600_000 })), step('go', { needs: ['wait'], if: 'steps.wait.outcome == "success"' })]));
    expect(world.run.reason).toContain('waits for pipelinerun.finished of aaaa');
    expect(listened(world)[0]).toEqual({ step: 'wait', type: 'pipelinerun.finished', template: '${{ event.sha }}', key: 'a'.repeat(40) });
    for (const other of [scan({ sha: 'b'.repeat(40) }), scan({ sha: undefined }), scan({ outcome: 'failure' }), scan({ connection: 'jenkins' }), scan({ fork: true })]) {
      world.feed({ kind: 'event', event: other });
      expect(world.states().wait).toBe('waiting');
    }
    world.feed({ kind: 'event', event: scan() });
    expect(world.states()).toEqual({ wait: 'succeeded', go: 'triggering' });
    expect(world.timers.has('wait:gate')).toBe(false);
  });

  it('takes one that came since the run began, before its turn', () => {
    const world = new World(flow([step('a'), waits(forScan(), { needs: ['a'] })]));
    const { version } = world.run;
    world.feed({ kind: 'event', event: scan() });
    expect([world.states().wait, world.run.version]).toEqual(['pending', version]);
    world.ends('run:a:run:1', 'success');
    expect(world.run.state).toBe('succeeded');
    expect(listened(world).at(-1)).toBe('stop');
  });

  it('is not over with what started the run, told once more', () => {
    const world = new World(flow([waits({ on: { event: ['**'], forks: false } })]));
    world.feed({ kind: 'event', event: { ...event, id: 'github:poll' } });
    expect(world.states().wait).toBe('waiting');
  });

  it('is not over with another part of the join that started the run, told once more', () => {
    const world = new World(flow([waits({ on: { event: ['**'], forks: false } })]), { events: { build: event, scan: scan() } });
    world.feed({ kind: 'event', event: scan({ id: 'gitlab:poll' }) });
    expect(world.states().wait).toBe('waiting');
    world.feed({ kind: 'event', event: scan({ id: 'gitlab:10', fact: 'https://gitlab.example.com/acme/scan/pipelinerun/10/1/finished' }) });
    expect(world.states().wait).toBe('succeeded');
  });

  it('fails when the event that started the run has no such key', () => {
    const world = new World(flow([waits(forScan({ key: '${{ event.tag }}' }))]));
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringContaining('key: ') });
    const empty = new World(flow([waits(forScan({ key: '${{ event.?tag.orValue("") }}' }))]));
    expect(empty.run).toMatchObject({ state: 'failed', reason: expect.stringContaining('the key is empty') });
  });

  it('`within` ends it as a timeout; an event after that changes nothing', () => {
    const world = new World(flow([waits(forScan({ withinMs: 60_000 }))]));
    world.strike('wait:gate');
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringContaining('no pipelinerun.finished that fits came in time') });
    expect(world.snapshot().steps[0]!.outcome).toBe('timeout');
    expect(world.feed({ kind: 'event', event: scan() }).effects).toEqual([]);
  });

  it('an old clock of it does nothing', () => {
    const world = new World(flow([waits(forScan({ withinMs: 60_000 }))]));
    world.feed({ kind: 'timer', timer: { kind: 'gate', step: 'wait', gate: 7 } });
    expect(world.states().wait).toBe('waiting');
  });
});
