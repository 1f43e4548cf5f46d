import { describe, expect, it } from 'vitest';
import { World, flow, retry, step, undo } from '../../../test/planned-world.js';
import type { EnvironmentRules } from '../plan.js';

const HOUR = 3_600_000;
const FREEZE = { from: '2026-11-24T07:00:00Z', to: '2026-11-24T12:00:00Z', reason: 'release day' };
const APPROVE = { by: ['alice'], count: 1, notAuthor: false };

const deploy = (production: EnvironmentRules, more = {}) =>
  new World(flow([step('deploy', { environment: 'production', rollback: undo(), ...more }), step('smoke', { needs: ['deploy'] })], { onFailure: 'rollback' }), { environments: { production } });

const approve = (world: World, n = 1) => world.feed({ kind: 'vote', approval: `run:deploy:approval:${n}`, decision: 'approve', by: 'alice', teams: [] });

const at = (world: World, time: string): void => { world.now = new Date(time); };

describe('a step with an environment', () => {
  it('says of freezes that follow each other why they last as long as they do', () => {
    const world = deploy({ freeze: [FREEZE, { from: '2026-11-24T11:00:00Z', to: '2026-11-25T00:00:00Z', reason: 'audit' }] });
    expect(world.run.reason).toBe('step deploy is waiting: environment production is frozen until 2026-11-25T00:00:00.000Z: release day, then audit');
  });

  it('waits out a freeze, says until when and why, then starts', () => {
    const world = deploy({ freeze: [FREEZE] });
    expect(world.run).toMatchObject({ state: 'waiting', reason: 'step deploy is waiting: environment production is frozen until 2026-11-24T12:00:00.000Z: release day' });
    expect(world.snapshot().steps[0]!.awaits).toEqual({ kind: 'freeze', until: '2026-11-24T12:00:00.000Z' });
    expect(world.sent()).toEqual([]);
    at(world, FREEZE.to);
    world.strike('deploy:gate');
    expect(world.sent()).toEqual(['deploy:run:1']);
    expect([...world.timers.keys()]).toEqual(['flow:timeout']);
  });

  it('looks again meanwhile, without a word, and starts when the freeze was lifted', () => {
    const world = deploy({ freeze: [FREEZE] });
    const { version } = world.run;
    world.strike('deploy:gate');
    expect([world.states().deploy, world.run.version]).toEqual(['waiting', version]);
    world.facts = { ...world.facts, environments: { production: {} } };
    world.strike('deploy:gate');
    expect(world.states().deploy).toBe('triggering');
    expect(world.now.getTime() - Date.parse('2026-11-24T08:00:00Z')).toBe(10 * 60_000);
  });

  it('asks behind the freeze, and starts when approved', () => {
    const world = deploy({ freeze: [FREEZE], approve: APPROVE });
    expect(approve(world).refusal).toMatchObject({ status: 404 });
    at(world, FREEZE.to);
    world.strike('deploy:gate');
    expect(world.snapshot().steps[0]).toMatchObject({ awaits: { kind: 'approval' }, approval: { environment: 'production', id: 'run:deploy:approval:2' } });
    approve(world, 2);
    expect(world.sent()).toEqual(['deploy:run:1']);
  });

  it('approved during a freeze that began meanwhile, starts at its end and asks nobody again', () => {
    const world = deploy({ freeze: [{ ...FREEZE, from: '2026-11-24T09:00:00Z' }], approve: APPROVE });
    at(world, '2026-11-24T10:00:00Z');
    approve(world);
    expect(world.snapshot().steps[0]).toMatchObject({ state: 'waiting', awaits: { kind: 'freeze' }, approval: { state: 'approved' } });
    expect(world.effects.at(-1)).toEqual({ kind: 'event', type: 'step.changed', step: 'deploy', previous: 'waiting', moved: [], awaits: ['deploy'] });
    at(world, FREEZE.to);
    world.strike('deploy:gate');
    expect(world.sent()).toEqual(['deploy:run:1']);
  });

  it('says that it waits for something else, not that the same takes longer or that one more has approved', () => {
    const awaits = (world: World) => world.effects.flatMap((effect) => (effect.kind === 'event' ? [effect.awaits] : []));
    const frozen = deploy({ freeze: [FREEZE] });
    frozen.facts = { ...frozen.facts, environments: { production: { freeze: [{ ...FREEZE, to: '2026-11-25T12:00:00Z' }] } } };
    frozen.strike('deploy:gate');
    expect([frozen.run.reason, awaits(frozen)]).toEqual([expect.stringContaining('2026-11-25'), [['deploy'], undefined]]);
    const asked = deploy({ approve: { by: ['alice', 'bob'], count: 2, notAuthor: false } });
    approve(asked);
    expect([asked.run.reason, awaits(asked)]).toEqual([expect.stringContaining('(1 of 2)'), [['deploy'], undefined]]);
  });

  it('refuses another branch before anybody waits or is asked', () => {
    const world = deploy({ branches: ['release/**'], freeze: [FREEZE], approve: APPROVE });
    expect(world.run).toMatchObject({ state: 'failed', reason: expect.stringContaining('takes only release/**') });
    expect(world.effects.some(({ kind }) => kind === 'approval')).toBe(false);
  });

  it('once begun goes on in a freeze, its retries too', () => {
    const world = deploy({ freeze: [{ ...FREEZE, from: '2026-11-24T08:00:01Z' }], approve: APPROVE }, { retry: retry(2) });
    approve(world);
    world.ends('run:deploy:run:1', 'failure');
    world.strike('deploy:run:1:retry');
    expect(world.sent()).toEqual(['deploy:run:1', 'deploy:run:2']);
  });

  it('is rolled back in a freeze and without asking', () => {
    const world = deploy({ approve: APPROVE });
    approve(world);
    world.ends('run:deploy:run:1', 'success');
    world.facts = { ...world.facts, environments: { production: { approve: APPROVE, freeze: [FREEZE] } } };
    world.ends('run:smoke:run:1', 'failure');
    expect(world.sent('rollback')).toEqual(['deploy:rollback:1']);
  });

  it('denied is not undone: nothing was done', () => {
    const world = deploy({ approve: APPROVE });
    world.feed({ kind: 'vote', approval: 'run:deploy:approval:1', decision: 'deny', by: 'alice', teams: [] });
    expect(world.run).toMatchObject({ state: 'failed', reason: 'step deploy failed (failure): denied by alice; nothing to roll back' });
  });

  it('frozen, does not use up the time of the flow', () => {
    const world = deploy({ freeze: [{ ...FREEZE, to: '2026-12-24T08:00:00Z' }] });
    expect(world.run.clock).toEqual({ leftMs: 24 * HOUR });
    at(world, '2026-12-24T08:00:00Z');
    world.strike('deploy:gate');
    expect(world.timers.get('flow:timeout')!.due.toISOString()).toBe('2026-12-25T08:00:00.000Z');
  });

  it('cancelled, leaves no clock behind', () => {
    const world = deploy({ freeze: [FREEZE] });
    world.feed({ kind: 'cancel', by: 'bob' });
    expect([world.run.state, [...world.timers.keys()]]).toEqual(['cancelled', []]);
  });
});
