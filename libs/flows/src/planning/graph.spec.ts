import { describe, expect, it } from 'vitest';
import { World, event, flow, step } from '../../test/planned-world.js';

describe('the graph of a run', () => {
  it('starts what needs nothing, and each further step when all its needs have succeeded', () => {
    const world = new World(flow([step('a'), step('b'), step('c', { needs: ['a', 'b'] })]));
    expect(world.sent()).toEqual(['a:run:1', 'b:run:1']);
    world.ends('run:a:run:1', 'success');
    expect(world.states()).toEqual({ a: 'succeeded', b: 'triggering', c: 'pending' });
    world.ends('run:b:run:1', 'success');
    expect(world.sent()).toContain('c:run:1');
    world.ends('run:c:run:1', 'success');
    expect(world.run.state).toBe('succeeded');
    expect(world.effects.at(-1)).toEqual({ kind: 'event', type: 'run.succeeded', step: 'c', previous: 'running', moved: ['c'] });
  });

  it('sends the rendered `with`, which may read event, env, earlier steps and the run', () => {
    const world = new World(flow([
      step('a', { with: { sha: '${{ event.sha }}', n: '${{ 1 + 1 }}', text: 'v-${{ env.version }}', page: '${{ run.url }}' } }),
      step('b', { needs: ['a'], with: { url: '${{ steps.a.run.url }}', outcome: '${{ steps.a.outcome }}', token: { env: 'TOKEN' } } }),
    ], { env: { version: '${{ event.branch }}' } }));
    expect(world.commands.get('run:a:run:1')?.with).toEqual({ sha: 'a'.repeat(40), n: 2, text: 'v-main', page: 'http://stellwerk/runs/run' });
    world.ends('run:a:run:1', 'success');
    expect(world.commands.get('run:b:run:1')?.with).toEqual({ url: 'https://platform/run:a:run:1', outcome: 'success', token: { env: 'TOKEN' } });
  });

  it.each([['failure'], ['cancelled'], ['skipped']] as const)('skips what needs a step that ended with %s', (outcome) => {
    const world = new World(flow([step('a'), step('b', { needs: ['a'] }), step('c', { needs: ['b'] })], { onFailure: 'continue' }));
    world.ends('run:a:run:1', outcome);
    expect(world.states()).toMatchObject({ b: 'skipped', c: 'skipped' });
    expect(world.sent()).toEqual(['a:run:1']);
  });

  it('does not take an outcome skipped for success, nor for a failure', () => {
    const world = new World(flow([step('a', { environment: 'production' })]));
    world.ends('run:a:run:1', 'skipped');
    expect(world.run.state).toBe('succeeded');
    expect(world.states()).toEqual({ a: 'skipped' });
    expect(world.effects.some(({ kind }) => kind === 'ledger-enter')).toBe(false);
  });

  it('skips a step whose `if` is false', () => {
    const world = new World(flow([step('a', { if: 'event.branch == "other"' })]));
    expect(world.states()).toEqual({ a: 'skipped' });
    expect(world.run.state).toBe('succeeded');
  });

  it.each([
    ['always()', 'failure', true], ['failure()', 'failure', true], ['failure()', 'success', false],
    ['cancelled()', 'cancelled', true], ['success()', 'success', true], ['success()', 'failure', false], ['failure()', 'skipped', false],
  ] as const)('starts a step with `if: %s` after %s: %s', (condition, outcome, starts) => {
    const world = new World(flow([step('a'), step('b', { needs: ['a'], if: condition })]));
    world.ends('run:a:run:1', outcome);
    expect(world.sent().includes('b:run:1')).toBe(starts);
  });

  it('fails the step when its `if` cannot be evaluated, and the run when `env` cannot', () => {
    const bad = new World(flow([step('a', { if: 'event.nothing.here == 1' })]));
    expect(bad.states()).toEqual({ a: 'failed' });
    expect(bad.run.steps[0]!.run.reason).toMatch(/^if: /);
    expect(bad.run.state).toBe('failed');
    const worse = new World(flow([step('a')], { env: { x: '${{ event.nothing.here }}' } }));
    expect(worse.run).toMatchObject({ state: 'failed', reason: expect.stringMatching(/^env: /) });
    expect(worse.sent()).toEqual([]);
  });

  it('with `await: false` accepted is enough', () => {
    const world = new World(flow([step('a', { await: false })]));
    world.accepted('run:a:run:1');
    expect(world.run.state).toBe('succeeded');
  });

  it('with `await: { pipeline }` the connector is told whose run to follow', () => {
    const world = new World(flow([step('a', { awaitPipeline: 'deploy.yml' }), step('b')]));
    expect([...world.commands.values()].map(({ await: awaited, awaitPipeline }) => [awaited, awaitPipeline])).toEqual([[true, 'deploy.yml'], [true, undefined]]);
  });

  it('an action without a platform run ends when it was accepted', () => {
    const world = new World(flow([step('a')]));
    world.accepted('run:a:run:1', { followed: false });
    expect(world.run.state).toBe('succeeded');
  });

  it('refuses branches that an environment does not take, with the reason on the run', () => {
    const production = { production: { branches: ['main', 'release/**'] } };
    const steps = [step('a', { environment: 'production' })];
    expect(new World(flow(steps), { environments: production }).run.state).toBe('running');
    const other = new World(flow(steps), { environments: production, event: { ...event, branch: 'feature/x' } });
    expect(other.run.state).toBe('failed');
    expect(other.run.reason).toContain('environment production takes only main, release/**; this is branch feature/x');
    expect(new World(flow(steps), { environments: production, event: { ...event, branch: undefined } }).run.state).toBe('failed');
  });
});
