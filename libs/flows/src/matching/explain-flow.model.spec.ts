import fc from 'fast-check';
import { expect, it } from 'vitest';
import { event, flow } from '../../test/planned-world.js';
import type { Filters, Trigger } from '../model.js';
import { explainFlow } from './explain-flow.js';
import { matchTriggers } from './match-triggers.js';

const word = fc.constantFrom('main', 'next', 'release/1', 'acme/shop', 'success', 'failure', 'v1');
const patterns = fc.option(fc.array(fc.constantFrom('main', 'release/**', '!next', '*', 'acme/*', 'success', 'v*'), { minLength: 1, maxLength: 3 }), { nil: undefined });
const filters: fc.Arbitrary<Filters> = fc.record({
  event: fc.constantFrom(['pipelinerun.finished'], ['**'], ['commit.pushed']), branches: patterns, repository: patterns, outcome: patterns, tags: patterns, forks: fc.boolean(),
  if: fc.option(fc.constantFrom('event.branch == "main"', 'event.tag == "v1"', 'has(event.tag)', 'nonsense(', 'event.branch'), { nil: undefined }),
});
const ofJoin = fc.tuple(fc.array(filters, { minLength: 1, maxLength: 3 }), fc.constantFrom('${{ event.sha }}', '${{ event.tag }}')).map(([parts, key]) => (
  { all: { id: 'all:0', parts: parts.map((part, at) => ({ name: `p${at}`, filters: part })), key, withinMs: 1, missing: 'notify' as const } }));
const other: fc.Arbitrary<Partial<Trigger>> = fc.oneof(
  ofJoin, filters.map((of) => ({ absent: { id: 'a', of, forMs: 60_000 } })), fc.constant({ schedule: { id: 's', cron: '0 6 * * *', zone: 'UTC' } }),
).map((kind) => ({ event: [], forks: false, ...kind }));
const trigger: fc.Arbitrary<Omit<Trigger, 'index'>> = fc.oneof({ weight: 3, arbitrary: filters }, { weight: 1, arbitrary: other }).map((one) => ({ allowCircle: false, ...(one as Filters) }));
const told = fc.record({ branch: fc.option(word, { nil: undefined }), tag: fc.option(word, { nil: undefined }), repository: word, outcome: fc.constantFrom('success', 'failure'), fork: fc.boolean() });

it('explains what matching does: a trigger takes an event exactly when all its conditions hold, and the first of those starts the flow', () => {
  fc.assert(fc.property(fc.array(trigger, { minLength: 1, maxLength: 3 }), told, (triggers, data) => {
    const one = flow([], { on: triggers.map((given, index) => ({ ...given, index })) });
    const heard = { ...event, ...data } as typeof event;
    const { matched, triggers: explained } = explainFlow(one, heard);
    const match = matchTriggers(one, heard);
    expect(matched).toBe('trigger' in match ? match.trigger.index : undefined);
    expect(explained.map(({ takes }) => takes)).toEqual(explained.map(({ conditions }) => conditions.every(({ holds }) => holds)));
    if ('reasons' in match) expect(match.reasons.every(({ trigger: at, part, filter }) => explained[at]!.conditions.some((one) => one.part === part && one.condition === filter && !one.holds))).toBe(true);
  }));
});
