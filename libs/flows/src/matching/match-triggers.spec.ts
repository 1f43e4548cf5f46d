import { describe, expect, it } from 'vitest';
import type { EventContext, Flow, Trigger } from '../model.js';
import { matchTriggers } from './match-triggers.js';

const trigger = (filters: Partial<Trigger> = {}, index = 0): Trigger => ({
  index, event: ['pipelinerun.finished'], forks: false, allowCircle: false, ...filters,
});

const flow = (...on: Trigger[]): Flow => ({ on }) as Flow;

const event = (changes: Partial<EventContext> = {}): EventContext => ({
  id: 'github:1:pipelinerun.finished', type: 'pipelinerun.finished', fact: 'https://api.github.com/acme/shop/pipelinerun/1/1/finished',
  connection: 'github', platform: 'github', repository: 'acme/shop', branch: 'main', sha: 'a'.repeat(40), pipeline: 'CI',
  pipelineFile: '.github/workflows/ci.yml', outcome: 'success', cause: 'push', actor: 'alice', occurredAt: '2026-11-24T08:00:00Z', ...changes,
});

const matches = (filters: Partial<Trigger>, changes: Partial<EventContext> = {}): boolean =>
  'trigger' in matchTriggers(flow(trigger(filters)), event(changes));

describe('a trigger', () => {
  it.each<[string, Partial<Trigger>, Partial<EventContext>, boolean]>([
    ['event', { event: ['pipelinerun.*'] }, {}, true],
    ['event', { event: ['commit.pushed'] }, {}, false],
    ['from', { from: ['github', 'gitlab'] }, {}, true],
    ['from', { from: ['gitlab'] }, {}, false],
    ['repository', { repository: ['acme/*'] }, {}, true],
    ['repository', { repository: ['acme/*', '!acme/shop'] }, {}, false],
    ['pipeline by name', { pipeline: ['CI'] }, {}, true],
    ['pipeline by file name', { pipeline: ['ci.yml'] }, {}, true],
    ['pipeline by path', { pipeline: ['.github/workflows/ci.yml'] }, {}, true],
    ['pipeline', { pipeline: ['Nightly'] }, {}, false],
    ['branches', { branches: ['main', 'release/**'] }, { branch: 'release/1/2' }, true],
    ['branches', { branches: ['main', 'release/**'] }, { branch: 'feature/x' }, false],
    ['tags', { tags: ['v*'] }, { tag: 'v1.0.0' }, true],
    ['base', { base: ['main'] }, { base: 'main' }, true],
    ['paths', { paths: ['src/**'] }, { paths: ['README.md', 'src/a/b.ts'] }, true],
    ['paths', { paths: ['src/**', '!**/*.md'] }, { paths: ['src/a.md'] }, false],
    ['paths, only excludes', { paths: ['!docs/**'] }, { paths: ['docs/a.md', 'src/b.ts'] }, true],
    ['paths, only excludes', { paths: ['!docs/**'] }, { paths: ['docs/a.md'] }, false],
    ['environments', { environments: ['prod*'] }, { environment: 'production' }, true],
    ['outcome', { outcome: ['failure', 'error'] }, { outcome: 'error' }, true],
    ['outcome', { outcome: ['!success'] }, { outcome: 'success' }, false],
    ['outcome skipped', { outcome: ['success'] }, { outcome: 'skipped' }, false],
    ['cause', { cause: ['push'] }, { cause: 'schedule' }, false],
    ['actor', { actor: ['!dependabot[bot]'] }, { actor: 'dependabot[bot]' }, false],
    ['if', { if: 'event.branch == "main" && event.run.attempt == 1' }, { run: { id: '1', attempt: 1 } }, true],
    ['if', { if: '${{ event.branch == "main" }}' }, { branch: 'x' }, false],
  ])('%s: %j with %j is %s', (_name, filters, changes, expected) => {
    expect(matches(filters, changes)).toBe(expected);
  });

  it.each(['repository', 'pipeline', 'branches', 'tags', 'base', 'paths', 'environments', 'outcome', 'cause', 'actor'] as const)(
    'that names %s does not take an event without it, not even by an exclude', (filter) => {
      const without = { repository: undefined, pipeline: undefined, pipelineFile: undefined, branch: undefined, outcome: undefined, cause: undefined, actor: undefined };
      expect(matches({ [filter]: ['**'] }, without)).toBe(false);
      expect(matches({ [filter]: ['!x'] }, without)).toBe(false);
    });

  it('takes nothing from a fork unless it says so', () => {
    expect(matches({ branches: ['main'] }, { fork: true })).toBe(false);
    expect(matches({ branches: ['main'], forks: true }, { fork: true })).toBe(true);
    expect(matches({ branches: ['main'] }, { fork: false })).toBe(true);
    expect(matches({ event: ['change.created'] }, { type: 'change.created', fork: true })).toBe(false);
  });

  it('takes an error of its if for a no, and says why', () => {
    const result = matchTriggers(flow(trigger({ if: 'event.tag == "v1"' })), event());
    expect(result).toEqual({ reasons: [{ trigger: 0, filter: 'if', message: 'event.tag == "v1": "tag" is absent' }] });
  });

  it('that no single event starts says what the event is to it', () => {
    const filters = { event: ['pipelinerun.finished'], forks: false };
    const join = (key: string): Trigger => trigger({ event: [], all: { id: 'all:0', parts: [{ name: 'build', filters }, { name: 'scan', filters: { ...filters, from: ['gitlab'] } }], key, withinMs: 1, missing: 'notify' } });
    const reasons = (one: Trigger) => { const result = matchTriggers(flow(one), event()); return 'reasons' in result ? result.reasons.map(({ part, filter, message }) => [part, filter, message]) : result; };
    expect(reasons(join('${{ event.branch }}'))).toEqual([
      ['build', 'all', 'it is this part, for the key "main": a run starts when all parts are there'], ['scan', 'from', '"github" is not matched by "gitlab"'],
    ]);
    expect(reasons(join('${{ event.tag }}'))).toEqual([['build', 'key', '${{ event.tag }}: "tag" is absent'], ['scan', 'from', '"github" is not matched by "gitlab"']]);
    expect(reasons(trigger({ event: [], schedule: { id: 's', cron: '0 6 * * *', zone: 'UTC' } }))).toEqual([[undefined, 'schedule', 'its instants start it, no event does']]);
    expect(reasons(trigger({ event: [], absent: { id: 'a', of: filters, forMs: 1 } }))).toEqual([[undefined, 'absent', 'it waits for this not to come: its time counts anew']]);
    expect(reasons(trigger({ event: [], absent: { id: 'a', of: { ...filters, from: ['gitlab'] }, forMs: 1 } }))).toEqual([[undefined, 'from', '"github" is not matched by "gitlab"']]);
  });

  it('is the first in the file, of those that match', () => {
    const result = matchTriggers(flow(trigger({ branches: ['x'] }), trigger({ from: ['github'] }, 1), trigger({}, 2)), event());
    expect(result).toMatchObject({ trigger: { index: 1 } });
  });

  it('tells every filter that said no, with the value it saw', () => {
    const result = matchTriggers(flow(trigger({ branches: ['x', 'y/*'], outcome: ['failure'], tags: ['v*'] })), event({ fork: true }));
    expect(result).toEqual({
      reasons: [
        { trigger: 0, filter: 'branches', message: '"main" is not matched by "x", "y/*"' },
        { trigger: 0, filter: 'tags', message: 'the event has no value for it, expected "v*"' },
        { trigger: 0, filter: 'outcome', message: '"success" is not matched by "failure"' },
        { trigger: 0, filter: 'forks', message: 'the commit comes from a fork, and the trigger does not say forks: true' },
      ],
    });
  });
});
