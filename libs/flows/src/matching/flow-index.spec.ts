import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventContext, Flow, Trigger } from '../model.js';
import { FlowIndex } from './flow-index.js';
import { matchTriggers } from './match-triggers.js';

const NAMES = ['acme/a', 'acme/b', 'other/a', 'main', 'dev', 'x'];
const PATTERNS = [...NAMES, 'acme/*', '**', '*', '!acme/b', '!main', 'de*'];
const TYPES = ['pipelinerun.finished', 'pipelinerun.started', 'commit.pushed'];

const globs = (patterns: readonly string[]) => fc.option(fc.uniqueArray(fc.constantFrom(...patterns), { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 3 });
const value = fc.option(fc.constantFrom(...NAMES), { nil: undefined, freq: 4 });

const trigger = fc.record({
  event: fc.uniqueArray(fc.constantFrom(...TYPES, 'pipelinerun.*', '!commit.pushed'), { minLength: 1, maxLength: 2 }),
  from: globs(['github', 'gitlab', 'g*']), repository: globs(PATTERNS), branches: globs(PATTERNS), pipeline: globs(['CI', 'ci.yml', '*.yml']),
  tags: globs(PATTERNS), outcome: globs(['success', 'failure']), forks: fc.boolean(),
  if: fc.option(fc.constantFrom('event.branch == "main"', 'event.?tag.orValue("") != ""'), { nil: undefined, freq: 2 }),
});

const event: fc.Arbitrary<EventContext> = fc.record({
  type: fc.constantFrom(...TYPES), connection: fc.constantFrom('github', 'gitlab'), repository: value, branch: value, tag: value,
  pipeline: fc.constantFrom('CI', 'Other', undefined), pipelineFile: fc.constantFrom('.github/workflows/ci.yml', 'x/ci.yml', undefined),
  outcome: fc.constantFrom('success', 'failure', undefined), fork: fc.constantFrom(true, false, undefined),
}).map((some) => ({ id: 'e', fact: 'f', platform: 'github', occurredAt: '2026-11-24T08:00:00Z', ...some }) as EventContext);

const flowsOf = (triggers: readonly (readonly Partial<Trigger>[])[]): Flow[] =>
  triggers.map((on, at) => ({ name: `flow-${at}`, on: on.map((one, index) => ({ index, allowCircle: false, ...one })) }) as unknown as Flow);

describe('the index of flows', () => {
  it('finds what asking every flow would find, and the same trigger of it', () => {
    const flows = fc.array(fc.array(trigger, { minLength: 1, maxLength: 3 }), { maxLength: 60 });
    fc.assert(fc.property(flows, fc.array(event, { minLength: 1, maxLength: 10 }), (triggers, events) => {
      const all = flowsOf(triggers);
      const index = new FlowIndex(all);
      for (const one of events) {
        const asked = all.flatMap((flow) => {
          const result = matchTriggers(flow, one);
          return 'trigger' in result ? [`${flow.name} ${result.trigger.index}`] : [];
        });
        expect(index.find(one).starts.map(({ flow, trigger: { index: at } }) => `${flow.name} ${at}`)).toEqual(asked.sort());
      }
    }), { numRuns: 300 });
  });

  it('gives matches by name of their flow', () => {
    const flows = flowsOf([[{ event: TYPES, forks: false }], [{ event: TYPES, forks: false }]]).reverse();
    expect(new FlowIndex(flows).find({ type: 'commit.pushed', connection: 'github' } as EventContext).starts.map(({ flow }) => flow.name)).toEqual(['flow-0', 'flow-1']);
  });

  it('finds the parts of joins that an event is, with their key, and the absences that it ends', () => {
    const part = (name: string, repository: string) => ({ name, filters: { event: TYPES, repository: [repository], forks: false } });
    const all = { id: 'all:0', parts: [part('a', 'acme/a'), part('any', 'acme/*'), part('other', 'other/a')], key: '${{ event.branch }}' };
    const flows = flowsOf([[{ event: [], all } as never], [{ event: [], absent: { of: { event: TYPES, repository: ['acme/a'], forks: false } } } as never], [{ event: [], schedule: {} } as never]]);
    const find = (some: object) => new FlowIndex(flows).find({ type: 'commit.pushed', connection: 'github', repository: 'acme/a', ...some } as EventContext);
    const { starts, parts, absences } = find({ branch: 'main' });
    expect(starts).toEqual([]);
    expect(parts.map(({ flow, parts: names, key }) => [flow.name, names, key])).toEqual([['flow-0', ['a', 'any'], 'main']]);
    expect(absences.map(({ flow }) => flow.name)).toEqual(['flow-1']);
    // A key that cannot be made is no match; nothing in common is none either.
    for (const without of [{}, { branch: '' }, { branch: 'x'.repeat(1001) }]) expect(find(without).parts).toEqual([]);
    expect(find({ repository: 'acme/b', branch: 'main' }).parts[0]!.parts).toEqual(['any']);
    expect(find({ repository: 'acme/b', branch: 'main' }).absences).toEqual([]);
  });

  it('asks a few of ten thousand joins only', () => {
    let asked = 0;
    const filters = (at: number) => Object.defineProperty({ event: TYPES, repository: [`acme/repo-${at}`], forks: false }, 'outcome', { get: () => { asked += 1; return undefined; } });
    const flows = flowsOf(Array.from({ length: 10_000 }, (_, at) => [{ event: [], all: { id: 'all:0', key: '${{ event.sha }}', parts: [{ name: 'a', filters: filters(at) }] } } as never]));
    const index = new FlowIndex(flows);
    asked = 0;
    expect(index.find({ type: 'commit.pushed', connection: 'github', repository: 'acme/repo-7', sha: 's' } as EventContext).parts.map(({ flow }) => flow.name)).toEqual(['flow-7']);
    expect(asked).toBeLessThan(20);
  });

  it('asks a few of ten thousand flows only', () => {
    let asked = 0;
    const flows = flowsOf(Array.from({ length: 10_000 }, (_, at) => [{ event: ['pipelinerun.finished'], from: ['github'], repository: [`acme/repo-${at}`], forks: false }]));
    for (const { on } of flows) Object.defineProperty(on[0], 'outcome', { get: () => { asked += 1; return undefined; } });
    const index = new FlowIndex(flows);
    const found = index.find({ id: 'e', type: 'pipelinerun.finished', connection: 'github', repository: 'acme/repo-7000' } as EventContext);
    expect(found.starts.map(({ flow }) => flow.name)).toEqual(['flow-7000']);
    expect(asked).toBeLessThan(20);
  });
});
