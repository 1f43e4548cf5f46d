import { describe, expect, it } from 'vitest';
import { World, event, flow, retry, step, undo } from '../../test/planned-world.js';

describe('cancel', () => {
  it('cancels everything running at its platform, without rollback', () => {
    const world = new World(flow([step('a', { rollback: undo() }), step('b'), step('c', { needs: ['a'] })], { onFailure: 'rollback' }));
    world.ends('run:a:run:1', 'success');
    world.accepted('run:b:run:1');
    world.accepted('run:c:run:1');
    world.feed({ kind: 'cancel', by: 'alice' });
    expect(world.run).toMatchObject({ state: 'cancelled', reason: 'cancelled by alice' });
    expect(world.states()).toEqual({ a: 'succeeded', b: 'cancelled', c: 'cancelled' });
    expect(world.sent('cancel')).toEqual(['b:cancel:1', 'c:cancel:1']);
    expect(world.sent('rollback')).toEqual([]);
    expect(world.timers.size).toBe(0);
  });

  it('names the platform run later when it is not known yet', () => {
    const world = new World(flow([step('a')]));
    world.feed({ kind: 'cancel', by: 'alice' });
    expect(world.commands.get('run:a:cancel:1')).not.toHaveProperty('platformRun');
    world.accepted('run:a:run:1', { id: '77' });
    expect(world.commands.get('run:a:cancel:2')).toMatchObject({ platformRun: '77', cancels: 'run:a:run:1' });
    expect(world.run.state).toBe('cancelled');
    expect(world.states()).toEqual({ a: 'cancelled' });
  });

  it('ends a pause between attempts', () => {
    const world = new World(flow([step('a', { retry: retry(3) })]));
    world.ends('run:a:run:1', 'failure');
    world.feed({ kind: 'cancel', by: 'alice' });
    expect(world.run.state).toBe('cancelled');
    expect(world.timers.size).toBe(0);
  });

  it('lets steps with always() or cancelled() start; a second order ends these too', () => {
    const world = new World(flow([step('a'), step('tidy', { needs: ['a'], if: 'cancelled()' })]));
    world.accepted('run:a:run:1');
    world.feed({ kind: 'cancel', by: 'alice' });
    expect(world.run.state).toBe('running');
    expect(world.sent()).toContain('tidy:run:1');
    world.feed({ kind: 'cancel', by: 'alice' });
    expect(world.run.state).toBe('cancelled');
  });

  it('is refused when the run has ended', () => {
    const world = new World(flow([step('a', { if: 'false' })]));
    const { version } = world.run;
    expect(world.feed({ kind: 'cancel', by: 'alice' }).refusal?.detail).toBe('the run is succeeded already');
    expect(world.run.version).toBe(version);
  });

  it('says which run of the platform it is about, where that run was', () => {
    const world = new World(flow([step('a')]), { report: true });
    expect(world.commands.get('run:report:report:1')?.with).toMatchObject({ ref: 'main', pipeline: '7' });
    const elsewhere = new World(flow([step('a')]), { report: true, event: { ...event, connection: 'gitlab', platform: 'gitlab' } });
    expect(elsewhere.commands.get('run:report:report:1')?.with).not.toHaveProperty('pipeline');
  });
});

describe('sending a command that was given up once more', () => {
  const unknown = (steps = [step('a')], more = {}): World => {
    const world = new World(flow(steps, more));
    world.unknown('run:a:run:1');
    return world;
  };

  it('awaits its answer again, also when it is ordered twice', () => {
    const world = unknown();
    const { effects } = world;
    const before = effects.length;
    expect(world.feed({ kind: 'resend', command: 'run:a:run:1' }).refusal).toBeUndefined();
    expect(world.feed({ kind: 'resend', command: 'run:a:run:1' }).refusal).toBeUndefined();
    expect(world.states()).toEqual({ a: 'triggering' });
    expect(world.effects.slice(before).filter(({ kind }) => kind === 'command')).toEqual([]);
    expect(world.feed({ kind: 'resolve', step: 'a', ran: true, platformRun: '77', by: 'alice' }).refusal?.detail).toMatch(/not unknown/);
    world.ends('run:a:run:1', 'success');
    expect(world.run.state).toBe('succeeded');
  });

  it('is unknown again when it is given up again', () => {
    const world = unknown();
    world.feed({ kind: 'resend', command: 'run:a:run:1' });
    world.unknown('run:a:run:1');
    expect(world.states()).toEqual({ a: 'unknown' });
  });

  it('is refused once a person has settled it, whether or not something was sent for that', () => {
    const ran = unknown([step('a', { await: false }), step('b', { needs: ['a'] })]);
    ran.feed({ kind: 'resolve', step: 'a', ran: true, by: 'alice' });
    expect(ran.feed({ kind: 'resend', command: 'run:a:run:1' }).refusal?.detail).toBe('step a is succeeded already');
    // Also when that was the end of the run.
    const ended = unknown([step('a', { await: false })]);
    ended.feed({ kind: 'resolve', step: 'a', ran: true, by: 'alice' });
    expect(ended.run.state).toBe('succeeded');
    expect(ended.feed({ kind: 'resend', command: 'run:a:run:1' }).refusal?.detail).toBe('step a is succeeded already');
    const again = unknown();
    again.feed({ kind: 'resolve', step: 'a', ran: false, by: 'alice' });
    expect(again.feed({ kind: 'resend', command: 'run:a:run:1' }).refusal?.detail).toBe('step a was settled by a person: run:a:run:2 took the place of run:a:run:1');
  });

  it('is refused while the run is being rolled back, and of what the run does not know', () => {
    const world = new World(flow([step('a', { rollback: undo() }), step('b')], { onFailure: 'rollback' }));
    world.unknown('run:a:run:1');
    world.ends('run:b:run:1', 'failure');
    expect(world.run.state).toBe('rolling-back');
    expect(world.feed({ kind: 'resend', command: 'run:a:run:1' }).refusal?.detail).toMatch(/rolling back/);
    expect(world.feed({ kind: 'resend', command: 'run:c:run:1' }).refusal?.detail).toBe('the run knows no command run:c:run:1');
  });
});

describe('resolve', () => {
  const unknown = (): World => {
    const world = new World(flow([step('a')]));
    world.unknown('run:a:run:1');
    return world;
  };

  it('ran: follows the run that the person names', () => {
    const world = unknown();
    world.feed({ kind: 'resolve', step: 'a', ran: true, platformRun: '77', by: 'alice' });
    expect(world.commands.get('run:a:run:2')).toMatchObject({ action: 'follow-run', with: { command: 'run:a:run:1', run: '77' }, n: 2 });
    expect(world.run.steps[0]!.run.attempts).toHaveLength(1);
    world.accepted('run:a:run:2', { id: '77' });
    world.platform('77', 'finished', 'success');
    expect(world.run.state).toBe('succeeded');
  });

  it('did not run: the same attempt is sent again', () => {
    const world = unknown();
    world.feed({ kind: 'resolve', step: 'a', ran: false, by: 'alice' });
    expect(world.sent()).toEqual(['a:run:1', 'a:run:2']);
    expect(world.effects).toContainEqual({ kind: 'give-up', command: 'run:a:run:1' });
    world.ends('run:a:run:2', 'success');
    expect(world.snapshot().steps[0]!.attempts).toMatchObject([{ number: 1, state: 'succeeded', command: 'run:a:run:2' }]);
  });

  it('did not run, but cannot be asked for any more: its attempt ends, and is not repeated', () => {
    const good = { run: { id: 'before' }, event: {}, env: { version: '1' }, deployedAt: '2026-11-23T08:00:00Z' };
    const only = step('a', { environment: 'production', with: { from: '${{ environment.lastGood.env.version }}' }, retry: retry(3) });
    const world = new World(flow([only]), { ledger: { production: { lastGood: good } } });
    world.unknown('run:a:run:1');
    world.facts.ledger = {};
    world.feed({ kind: 'resolve', step: 'a', ran: false, by: 'alice' });
    expect(world.snapshot()).toMatchObject({ state: 'failed', steps: [{ state: 'failed', outcome: 'error', attempts: [{ number: 1, state: 'failed', outcome: 'error' }] }] });
    expect(world.effects).toContainEqual({ kind: 'give-up', command: 'run:a:run:1' });
    expect([...world.timers.keys()]).toEqual([]);
  });

  it('a run that cannot be followed leaves the step unknown', () => {
    const world = unknown();
    world.feed({ kind: 'resolve', step: 'a', ran: true, platformRun: '78', by: 'alice' });
    world.rejected('run:a:run:2', 'refused', 'no such run');
    expect(world.run).toMatchObject({ state: 'waiting', steps: [{ run: { state: 'unknown', reason: 'the run to follow was not found: no such run' } }] });
    world.feed({ kind: 'resolve', step: 'a', ran: true, platformRun: '77', by: 'alice' });
    expect(world.commands.get('run:a:run:3')?.with).toEqual({ command: 'run:a:run:1', run: '77' });
    world.accepted('run:a:run:3', { id: '77' });
    world.platform('77', 'finished', 'success');
    expect(world.run.state).toBe('succeeded');
  });

  it('an answer to the command before counts no more', () => {
    const world = unknown();
    world.feed({ kind: 'resolve', step: 'a', ran: false, by: 'alice' });
    world.rejected('run:a:run:1', 'error');
    expect(world.states()).toEqual({ a: 'triggering' });
  });

  it('did not run, they said, but it had: what comes of it is not how the one that was sent instead ended', () => {
    const world = new World(flow([step('a')]));
    world.unknown('run:a:run:1');
    world.feed({ kind: 'resolve', step: 'a', ran: false, by: 'alice' });
    world.platform('77', 'finished', 'failure', { correlation: 'run:a:run:1' });
    world.accepted('run:a:run:1', { id: '77' });
    expect(world.states()).toEqual({ a: 'triggering' });
    world.ends('run:a:run:2', 'success');
    expect(world.run).toMatchObject({ state: 'succeeded', steps: [{ run: { attempts: [{ run: { id: 'run:a:run:2' } }] } }] });
  });

  it('is refused for a step that is not unknown, a step that is not there, and a run not named', () => {
    const world = unknown();
    const ask = (order: { step: string; ran: boolean }) => world.feed({ kind: 'resolve', by: 'alice', ...order }).refusal?.detail;
    expect(ask({ step: 'nobody', ran: false })).toBe('the run has no step nobody');
    expect(ask({ step: 'a', ran: true })).toContain('name the run to follow');
    world.ends('run:a:run:1', 'success');
    expect(ask({ step: 'a', ran: false })).toBe('the run is succeeded already');
  });
});

describe('the commit status', () => {
  it('says pending at the start and the end after pending was answered', () => {
    const world = new World(flow([step('a')]), { report: true });
    expect(world.commands.get('run:report:report:1')).toMatchObject({
      connection: 'github', action: 'set-status', await: false,
      with: { repository: 'acme/shop', sha: 'a'.repeat(40), state: 'pending', description: 'Running', context: 'stellwerk/release', target_url: 'http://stellwerk/runs/run' },
    });
    world.ends('run:a:run:1', 'failure');
    expect(world.sent('report')).toEqual(['report:report:1']);
    const { version } = world.run;
    world.accepted('run:report:report:1', { followed: false });
    expect(world.commands.get('run:report:report:2')?.with).toMatchObject({ state: 'failure', description: "Failed: step a failed (failure): the platform's run ended with failure" });
    expect(world.run.version).toBe(version);
  });

  it('says which run of the platform it is about, where that run was', () => {
    const world = new World(flow([step('a')]), { report: true });
    expect(world.commands.get('run:report:report:1')?.with).toMatchObject({ ref: 'main', pipeline: '7' });
    const elsewhere = new World(flow([step('a')]), { report: true, event: { ...event, connection: 'gitlab', platform: 'gitlab' } });
    expect(elsewhere.commands.get('run:report:report:1')?.with).not.toHaveProperty('pipeline');
  });
});
