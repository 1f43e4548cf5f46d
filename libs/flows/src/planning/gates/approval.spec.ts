import { describe, expect, it } from 'vitest';
import { World, event, flow, step } from '../../../test/planned-world.js';
import { hasMoved } from '../history/entries.js';
import type { PlanInput } from '../plan.js';

const RULE = { by: ['alice', 'team:release'], count: 1, notAuthor: false };

const asks = (more = {}) => step('ask', { uses: undefined, with: {}, approve: { ...RULE, ...more } });

const vote = (by: string, more: Partial<Extract<PlanInput, { kind: 'vote' }>> = {}): PlanInput =>
  ({ kind: 'vote', approval: 'run:ask:approval:1', decision: 'approve', by, teams: [], ...more });

const told = (world: World) => world.effects.flatMap((effect) => (effect.kind === 'approval' ? [[effect.type, effect.approval.state, effect.approval.version]] : []));

describe('a step that asks for approval', () => {
  it('waits, says for whom, and starts nothing', () => {
    const world = new World(flow([asks(), step('go', { needs: ['ask'] })]));
    expect(world.run).toMatchObject({ state: 'waiting', reason: 'step ask is waiting: needs approval by alice or team:release' });
    expect(world.sent()).toEqual([]);
    expect(world.snapshot().steps[0]).toMatchObject({ state: 'waiting', uses: undefined, awaits: { kind: 'approval' }, approval: { id: 'run:ask:approval:1', state: 'requested' }, attempts: [] });
    expect(told(world)).toEqual([['approval.requested', 'requested', 1]]);
  });

  it('goes on when so many different people have approved; the same vote twice counts once', () => {
    const world = new World(flow([asks({ count: 2 }), step('go', { needs: ['ask'] })]));
    world.feed(vote('alice', { comment: 'fine' }));
    expect(world.run.reason).toContain('(1 of 2)');
    const { version } = world.run;
    expect(world.feed(vote('alice', { comment: 'fine' })).refusal).toBeUndefined();
    expect(world.run.version).toBe(version);
    world.feed(vote('bob', { teams: ['release'] }));
    expect(world.states()).toEqual({ ask: 'succeeded', go: 'triggering' });
    expect(told(world).map(([type]) => type)).toEqual(['approval.requested', 'approval.voted', 'approval.decided']);
    expect(world.snapshot().steps[0]!.approval!.votes.map(({ by, comment }) => [by, comment])).toEqual([['alice', 'fine'], ['bob', undefined]]);
  });

  it('one deny ends it, and the reason names who', () => {
    const world = new World(flow([asks({ count: 2 }), step('go', { needs: ['ask'] })]));
    world.feed(vote('alice'));
    world.feed(vote('alice', { decision: 'deny', comment: 'changed my mind' }));
    expect(world.run).toMatchObject({ state: 'failed', reason: 'step ask failed (failure): denied by alice: changed my mind' });
    expect(told(world).at(-1)).toEqual(['approval.decided', 'denied', 3]);
  });

  it.each([
    ['who is not named', vote('mallory'), {}, 403],
    ['who is in another team', vote('mallory', { teams: ['alice', 'team:release'] }), {}, 403],
    ['the actor, whatever the case of the login', vote('Alice', { teams: ['release'] }), { notAuthor: true }, 403],
    ['the actor who denies', vote('alice', { decision: 'deny' }), { notAuthor: true }, 403],
    ['an approval that was never asked for', vote('alice', { approval: 'run:ask:approval:2' }), {}, 404],
    ['a step that asks nobody', vote('alice', { approval: 'run:go:approval:1' }), {}, 404],
    ['what is no approval', vote('alice', { approval: 'ask' }), {}, 404],
  ])('refuses %s', (_what, order, rule, status) => {
    const world = new World(flow([asks(rule), step('go', { needs: ['ask'] })]), { event: { ...event, actor: 'alice' } });
    expect(world.feed(order).refusal).toMatchObject({ status });
    expect(world.states().ask).toBe('waiting');
  });

  it('refuses votes on what is decided', () => {
    const world = new World(flow([asks()]));
    world.feed(vote('alice'));
    expect(world.run.state).toBe('succeeded');
    expect(world.feed(vote('alice', { decision: 'deny' })).refusal).toMatchObject({ status: 409, detail: expect.stringContaining('approved already') });
  });

  it('takes the vote that decided it once more, and any that counted, and changes nothing by it; the opposite it refuses', () => {
    const world = new World(flow([asks({ count: 2 }), step('go', { needs: ['ask'] })]));
    world.feed(vote('alice'));
    world.feed(vote('bob', { teams: ['release'] }));
    for (const by of ['bob', 'alice']) {
      const before = structuredClone(world.run);
      const plan = world.feed(vote(by));
      expect([plan.refusal, plan.effects, hasMoved(before, plan)]).toEqual([undefined, [], false]);
    }
    expect(told(world)).toHaveLength(3);
    expect(world.feed(vote('bob', { decision: 'deny' })).refusal).toMatchObject({ status: 409 });
    expect(world.feed(vote('carol', { teams: ['release'] })).refusal).toMatchObject({ status: 409 });
  });

  it('takes a deny once more, and not what was said before it', () => {
    const world = new World(flow([asks({ count: 2 })]));
    world.feed(vote('alice'));
    world.feed(vote('alice', { decision: 'deny' }));
    expect(world.run.state).toBe('failed');
    expect(world.feed(vote('alice', { decision: 'deny' })).refusal).toBeUndefined();
    expect(world.feed(vote('alice')).refusal).toMatchObject({ status: 409 });
  });

  it('does not take a vote once more that came to nothing', () => {
    const world = new World(flow([asks({ count: 2, withinMs: 3_600_000 })]));
    world.feed(vote('alice'));
    world.strike('ask:gate');
    expect(world.feed(vote('alice')).refusal).toMatchObject({ status: 409, detail: expect.stringContaining('expired already') });
  });

  it('where nobody is known by name, whoever there is may', () => {
    const world = new World(flow([asks()]));
    world.feed(vote('local', { anyone: true }));
    expect(world.run.state).toBe('succeeded');
  });

  it('`within` ends it as a timeout, which expressions see', () => {
    const world = new World(flow([asks({ withinMs: 3_600_000 }), step('tell', { needs: ['ask'], if: 'always() && steps.ask.outcome == "timeout"' })]));
    world.strike('ask:gate');
    expect(world.snapshot().steps[0]).toMatchObject({ state: 'failed', outcome: 'timeout', approval: { state: 'expired' } });
    expect(world.sent()).toEqual(['tell:run:1']);
  });

  it('is cancelled when another step fails, and is not what made the run fail', () => {
    const world = new World(flow([asks({ withinMs: 3_600_000 }), step('a'), step('go', { needs: ['ask'] })]));
    world.ends('run:a:run:1', 'failure');
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringContaining('step a failed') });
    expect(world.states()).toEqual({ ask: 'cancelled', a: 'failed', go: 'skipped' });
    expect(told(world).at(-1)).toEqual(['approval.decided', 'cancelled', 2]);
    expect([...world.timers.keys()]).toEqual([]);
  });

  it('stays open beside a failure when the flow continues, or asks because of it', () => {
    const goesOn = new World(flow([asks(), step('a')], { onFailure: 'continue' }));
    goesOn.ends('run:a:run:1', 'failure');
    expect(goesOn.states().ask).toBe('waiting');
    const because = new World(flow([step('a'), { ...asks(), needs: ['a'], if: 'failure()' }]));
    because.ends('run:a:run:1', 'failure');
    expect(because.states().ask).toBe('waiting');
    because.feed(vote('alice'));
    expect(because.run.state).toBe('failed');
  });

  it('is cancelled with the run', () => {
    const world = new World(flow([asks()]));
    world.feed({ kind: 'cancel', by: 'bob' });
    expect(world.run.state).toBe('cancelled');
    expect(told(world).at(-1)).toEqual(['approval.decided', 'cancelled', 2]);
    expect(world.feed(vote('alice')).refusal).toMatchObject({ status: 409 });
  });
});

describe('the clock of the flow', () => {
  it('stands still while nothing but people are awaited, and goes on with what was left', () => {
    const world = new World(flow([step('a'), { ...asks(), needs: ['a'] }, step('go', { needs: ['ask'] })], { timeoutMs: 3_600_000 }));
    world.now = new Date(world.now.getTime() + 600_000);
    world.ends('run:a:run:1', 'success');
    expect(world.timers.has('flow:timeout')).toBe(false);
    world.now = new Date(world.now.getTime() + 86_400_000);
    world.feed(vote('alice'));
    expect(world.timers.get('flow:timeout')!.due.getTime() - world.now.getTime()).toBe(3_000_000);
  });

  it('goes on while something else is at work, and its end ends the approval too', () => {
    const world = new World(flow([asks(), step('a')], { timeoutMs: 3_600_000 }));
    world.accepted('run:a:run:1');
    world.strike('flow:timeout');
    expect(world.snapshot().steps[0]).toMatchObject({ state: 'failed', outcome: 'timeout', approval: { state: 'cancelled' } });
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringContaining('timed out') });
  });

  it('of a run that began before it was noted counts from its start', () => {
    const world = new World(flow([step('a'), { ...asks(), needs: ['a'] }], { timeoutMs: 3_600_000 }));
    delete world.run.clock;
    world.now = new Date(world.now.getTime() + 600_000);
    world.ends('run:a:run:1', 'success');
    expect(world.run.clock).toEqual({ leftMs: 3_000_000 });
  });
});
