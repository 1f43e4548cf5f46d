import { describe, expect, it } from 'vitest';
import { World, event, flow, retry, step, undo } from '../../test/planned-world.js';

const again = (world: World, by = 'alice') => world.feed({ kind: 'retry', by });

const line = () => flow([step('a'), step('b', { needs: ['a'] }), step('c', { needs: ['b'] })]);

const failedAtB = (options: ConstructorParameters<typeof World>[1] = {}, of = line()): World => {
  const world = new World(of, options);
  world.ends('run:a:run:1', 'success');
  world.ends('run:b:run:1', 'failure');
  return world;
};

describe('a retry', () => {
  it('goes on from the failed step; what was skipped because of it follows, what succeeded is not done again', () => {
    const world = failedAtB();
    again(world);
    expect(world.run).toMatchObject({ state: 'running', attempt: 2, revision: 'r1', retried: { by: 'alice', from: 'failed' } });
    expect(world.run).not.toHaveProperty('finishedAt');
    expect(world.run).not.toHaveProperty('reason');
    expect(world.states()).toEqual({ a: 'succeeded', b: 'triggering', c: 'pending' });
    world.ends('run:b:run:2', 'success');
    world.ends('run:c:run:1', 'success');
    expect(world.run.state).toBe('succeeded');
    expect(world.sent()).toEqual(['a:run:1', 'b:run:1', 'b:run:2', 'c:run:1']);
    expect(world.snapshot().steps[1]!.attempts).toMatchObject([{ number: 1, outcome: 'failure' }, { number: 2, outcome: 'success' }]);
    expect(world.effects).toContainEqual({ kind: 'ledger-good' });
    expect(world.timers.size).toBe(0);
  });

  it('ordered twice is done once', () => {
    const world = failedAtB();
    again(world);
    expect(again(world).refusal?.detail).toBe('the run is running: only a run that has ended can be retried');
    expect(world.sent()).toHaveLength(3);
  });

  it('is refused to a run that has succeeded', () => {
    const world = new World(flow([step('a')]));
    world.ends('run:a:run:1', 'success');
    expect(again(world).refusal?.detail).toBe('the run has succeeded: there is nothing to retry');
    expect(world.run.attempt).toBe(1);
  });

  it('has all the tries of the flow once more', () => {
    const world = new World(flow([step('a', { retry: retry(2) })]));
    world.ends('run:a:run:1', 'failure');
    world.strike('a:run:1:retry');
    world.ends('run:a:run:2', 'failure');
    expect(world.run.state).toBe('failed');
    again(world);
    world.ends('run:a:run:3', 'failure');
    expect(world.run.steps[0]!.run).toMatchObject({ state: 'waiting', reason: expect.stringContaining('attempt 1 of 2 ended') });
    world.strike('a:run:3:retry');
    world.ends('run:a:run:4', 'failure');
    expect(world.run.state).toBe('failed');
  });

  it('does not start once more what had succeeded behind a step whose condition was false', () => {
    const steps = [step('scan', { if: 'run.attempt > 1' }), step('deploy', { needs: ['scan'], if: '!failure()' }), step('smoke', { needs: ['deploy'] }), step('extra', { if: 'run.attempt > 1' })];
    const world = new World(flow(steps));
    world.ends('run:deploy:run:1', 'success');
    world.ends('run:smoke:run:1', 'failure');
    again(world);
    expect(world.states()).toEqual({ scan: 'skipped', deploy: 'succeeded', smoke: 'triggering', extra: 'triggering' });
  });

  it('waits once more for what was undone since it came', () => {
    const wait = { on: { event: ['custom.received'], forks: false } };
    const world = new World(flow([step('deploy', { rollback: undo() }), step('seen', { needs: ['deploy'], uses: undefined, wait }), step('smoke', { needs: ['seen'] })], { onFailure: 'rollback' }));
    const comes = (id: string) => world.feed({ kind: 'event', event: { ...event, type: 'custom.received', id, fact: id } });
    world.ends('run:deploy:run:1', 'success');
    comes('1');
    world.ends('run:smoke:run:1', 'failure');
    world.ends('run:deploy:rollback:1', 'success');
    again(world);
    world.ends('run:deploy:run:2', 'success');
    expect(world.states()).toMatchObject({ seen: 'waiting', smoke: 'pending' });
    comes('2');
    expect(world.states()).toMatchObject({ seen: 'succeeded', smoke: 'triggering' });
  });

  it('of a cancelled run starts what was cancelled, and forgets that it was', () => {
    const world = new World(line());
    world.accepted('run:a:run:1');
    world.feed({ kind: 'cancel', by: 'bob' });
    again(world);
    expect(world.states()).toEqual({ a: 'triggering', b: 'pending', c: 'pending' });
    for (const id of ['run:a:run:2', 'run:b:run:1', 'run:c:run:1']) world.ends(id, 'success');
    expect(world.run).toMatchObject({ state: 'succeeded', retried: { from: 'cancelled' } });
  });

  it('has as much time as the run had', () => {
    const world = new World(flow([step('a')], { timeoutMs: 3_600_000 }));
    world.strike('flow:timeout');
    expect(world.run.state).toBe('failed');
    again(world);
    expect(world.timers.get('flow:timeout')?.due).toEqual(new Date(world.now.getTime() + 3_600_000));
    world.ends('run:a:run:2', 'success');
    expect(world.run.state).toBe('succeeded');
  });

  it('looks at conditions once more, also those of steps that had tidied up', () => {
    const world = failedAtB({}, flow([step('a'), step('b', { needs: ['a'] }), step('alarm', { needs: ['b'], if: 'failure()' })]));
    world.ends('run:alarm:run:1', 'success');
    expect(world.run.state).toBe('failed');
    again(world);
    world.ends('run:b:run:2', 'success');
    expect(world.states()).toEqual({ a: 'succeeded', b: 'succeeded', alarm: 'skipped' });
    expect(world.run.state).toBe('succeeded');
  });

  it('that fails at once is told as an end once more', () => {
    const world = new World(flow([step('a', { with: { x: '${{ steps.a.run.url }}' } })]));
    expect(world.run.state).toBe('failed');
    again(world);
    expect(world.run).toMatchObject({ state: 'failed', attempt: 2 });
    expect(world.effects.at(-1)).toMatchObject({ kind: 'event', type: 'run.failed', previous: 'failed' });
  });

  it('renders env where the run failed at that', () => {
    const world = new World(flow([step('a', { with: { tag: '${{ env.tag }}' } })], { env: { tag: '${{ run.attempt == 1 ? event.tag : "v1" }}' } }));
    expect(world.run.reason).toMatch(/^env: /);
    again(world);
    expect(world.commands.get('run:a:run:1')?.with).toEqual({ tag: 'v1' });
  });

  it('says pending on the commit, then how it ended, never before the last word was answered', () => {
    const world = failedAtB({ report: true });
    const said = () => world.sent('report').map((id) => world.commands.get(`run:${id}`)!.with.state);
    world.accepted('run:report:report:1', { followed: false });
    again(world);
    expect(said()).toEqual(['pending', 'failure']);
    world.accepted('run:report:report:2', { followed: false });
    expect(said()).toEqual(['pending', 'failure', 'pending']);
    world.ends('run:b:run:2', 'success');
    world.ends('run:c:run:1', 'success');
    expect(said()).toHaveLength(3);
    world.accepted('run:report:report:3', { followed: false });
    expect(said()).toEqual(['pending', 'failure', 'pending', 'success']);
  });
});

describe('a retry never starts an UNKNOWN', () => {
  const lost = (onFailure: 'stop' | 'rollback'): World => {
    const world = new World(flow([step('lost', { rollback: undo() }), step('b')], { onFailure }));
    world.unknown('run:lost:run:1');
    world.ends('run:b:run:1', 'failure');
    if (onFailure === 'rollback') world.ends('run:lost:rollback:1', 'success');
    again(world);
    expect(world.states()).toEqual({ lost: 'unknown', b: 'triggering' });
    world.ends('run:b:run:2', 'success');
    expect(world.run.state).toBe('waiting');
    return world;
  };

  it('it waits for a person, or for its platform', () => {
    const world = lost('stop');
    world.ends('run:lost:run:1', 'success');
    expect(world.run.state).toBe('succeeded');
    expect(world.sent()).toEqual(['lost:run:1', 'b:run:1', 'b:run:2']);
  });

  it('one that was rolled back is done anew once it is known to be over, however it ended', () => {
    const world = lost('rollback');
    world.feed({ kind: 'resolve', step: 'lost', ran: true, platformRun: '77', by: 'alice' });
    world.accepted('run:lost:run:2', { id: '77' });
    expect(world.sent()).not.toContain('lost:run:3');
    world.platform('77', 'finished', 'success');
    world.ends('run:lost:run:3', 'success');
    expect(world.run.state).toBe('succeeded');
  });

  describe('whose needs are done again', () => {
    const behind = (): World => {
      const world = new World(flow([step('ask', { uses: undefined, with: {}, await: false, approve: { by: ['bob'], count: 1, notAuthor: false, withinMs: 600_000 } }), step('tidy', { needs: ['ask'], if: 'always()', environment: 'production' })]));
      world.feed({ kind: 'vote', approval: world.run.steps[0]!.approval!.id, decision: 'deny', by: 'bob', teams: [] });
      world.unknown('run:tidy:run:1');
      expect(world.run).toMatchObject({ state: 'failed' });
      again(world);
      expect(world.states()).toEqual({ ask: 'waiting', tidy: 'unknown' });
      return world;
    };
    const approve = (world: World) => world.feed({ kind: 'vote', approval: world.run.steps[0]!.approval!.id, decision: 'approve', by: 'bob', teams: [] });

    it('is not sent before them, though it never ran', () => {
      const world = behind();
      world.feed({ kind: 'resolve', step: 'tidy', ran: false, by: 'alice' });
      expect(world.states()).toEqual({ ask: 'waiting', tidy: 'pending' });
      expect(world.effects).toContainEqual({ kind: 'give-up', command: 'run:tidy:run:1' });
      approve(world);
      world.ends('run:tidy:run:2', 'success');
      expect(world.run.state).toBe('succeeded');
      expect(world.snapshot().steps[1]!.attempts).toMatchObject([{ number: 1, outcome: 'skipped', reason: expect.stringContaining('alice said that it never ran') }, { number: 2, outcome: 'success' }]);
    });

    it('is done once more though it had ended well: it saw what is not there any more', () => {
      const world = behind();
      approve(world);
      expect(world.states()).toEqual({ ask: 'succeeded', tidy: 'unknown' });
      world.ends('run:tidy:run:1', 'success');
      expect(world.states()).toEqual({ ask: 'succeeded', tidy: 'triggering' });
      expect(world.effects).toContainEqual({ kind: 'ledger-enter', environment: 'production', step: 'tidy' });
      world.ends('run:tidy:run:2', 'success');
      expect(world.run.state).toBe('succeeded');
      expect(world.sent()).toEqual(['tidy:run:1', 'tidy:run:2']);
    });

    it('is not sent under its old id either', () => {
      const world = behind();
      expect(world.feed({ kind: 'resend', command: 'run:tidy:run:1' }).refusal?.detail).toBe('step tidy would start out of its turn: say whether it ran, then it goes on as its needs and its environment let it');
    });

    it('ends with the run when that is cancelled', () => {
      const world = behind();
      world.feed({ kind: 'cancel', by: 'bob' });
      expect(world.run.state).toBe('cancelled');
      expect(world.states().tidy).not.toBe('unknown');
    });
  });

  it('one that never ran is sent again, once', () => {
    const world = lost('rollback');
    world.feed({ kind: 'resolve', step: 'lost', ran: false, by: 'alice' });
    world.ends('run:lost:run:2', 'success');
    expect(world.run.state).toBe('succeeded');
    expect(world.sent()).toEqual(['lost:run:1', 'b:run:1', 'b:run:2', 'lost:run:2']);
  });
});

describe('a retry after a rollback', () => {
  const steps = () => [step('build'), step('deploy', { needs: ['build'], environment: 'production', rollback: undo() }), step('note', { needs: ['deploy'] }), step('smoke', { needs: ['deploy'] })];

  it('does again what was undone, and what was built on it', () => {
    const world = new World(flow(steps(), { onFailure: 'rollback' }));
    for (const name of ['build', 'deploy', 'note']) world.ends(`run:${name}:run:1`, 'success');
    world.ends('run:smoke:run:1', 'failure');
    world.ends('run:deploy:rollback:1', 'success');
    expect(world.run.state).toBe('rolled-back');
    again(world);
    expect(world.states()).toEqual({ build: 'succeeded', deploy: 'triggering', note: 'pending', smoke: 'pending' });
    expect(world.snapshot().steps[1]).not.toHaveProperty('rollback', expect.anything());
    world.ends('run:deploy:run:2', 'success');
    world.ends('run:note:run:2', 'success');
    world.ends('run:smoke:run:2', 'failure');
    expect(world.sent('rollback')).toEqual(['deploy:rollback:1', 'deploy:rollback:2']);
    world.ends('run:deploy:rollback:2', 'success');
    expect(world.run).toMatchObject({ state: 'rolled-back', attempt: 2 });
    expect(world.snapshot().steps[1]!.rollback?.attempts.map(({ number }) => number)).toEqual([1, 2]);
  });

  it('leaves alone what was not undone, as it was superseded or had nothing to return to', () => {
    const returns = steps().map((one) => (one.name === 'deploy' ? { ...one, rollback: undo({ to: '${{ environment.lastGood.env.version }}' }) } : one));
    const world = new World(flow(returns, { onFailure: 'rollback' }));
    for (const name of ['build', 'deploy', 'note']) world.ends(`run:${name}:run:1`, 'success');
    world.ends('run:smoke:run:1', 'failure');
    expect(world.run.state).toBe('failed');
    again(world);
    expect(world.states()).toEqual({ build: 'succeeded', deploy: 'succeeded', note: 'succeeded', smoke: 'triggering' });
  });
});
