import fc from 'fast-check';
import type { Flow, Step } from '../src/model.js';
import { flow, retry, step, undo } from './planned-world.js';

const CONDITIONS = [undefined, undefined, undefined, undefined, 'always()', 'failure()', 'event.branch == "main"', 'event.branch == "other"'] as const;

const PEOPLE = { by: ['alice'], count: 1, notAuthor: false, withinMs: 600_000 };

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const;

const stepAt = (index: number, conditions: readonly (string | undefined)[]): fc.Arbitrary<Step> => fc.record({
  needs: fc.subarray<string>(NAMES.slice(0, index), { maxLength: Math.min(index, 2) }),
  if: fc.constantFrom(...conditions),
  attempts: fc.constantFrom(1, 1, 2, 3),
  undone: fc.constantFrom(undefined, undefined, {}, {}, { await: true }, { await: false }),
  deploys: fc.boolean(),
  await: fc.constantFrom(true, true, true, false),
  gate: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, { approve: PEOPLE }, { wait: { ms: 60_000 } }),
}).map(({ attempts, undone, deploys, gate, if: condition, ...more }) => step(NAMES[index]!, gate ? {
  needs: more.needs, uses: undefined, with: {}, await: false, ...gate, ...(condition !== undefined && { if: condition }),
} : {
  ...more, retry: retry(attempts),
  ...(condition !== undefined && { if: condition }), ...(undone && { rollback: { ...undo(), ...undone } }), ...(deploys && { environment: 'production' }),
}));

/** Any small flow: a graph without circles, with retries, conditions, rollbacks, and steps that are not awaited. */
export const anyFlow = (conditions: readonly (string | undefined)[] = CONDITIONS): fc.Arbitrary<Flow> =>
  fc.tuple(fc.integer({ min: 1, max: NAMES.length }), fc.constantFrom('stop', 'rollback', 'continue'))
    .chain(([length, onFailure]) => fc.tuple(...NAMES.slice(0, length).map((_, index) => stepAt(index, conditions))).map((steps) => flow(steps, { onFailure: onFailure as Flow['onFailure'] })));
