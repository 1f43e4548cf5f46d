import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { event, flow, step } from '../../test/planned-world.js';
import type { EventContext, EventWait } from '../model.js';
import { awaitedBy, awaitedTemplates, keyOrNone, takesEvent } from './awaited.js';

const waiting = (wait: EventWait) => flow([step('wait', { uses: undefined, with: {}, wait })]);

const wait = (on: Partial<EventWait['on']>, key?: string): EventWait =>
  ({ on: { event: ['pipelinerun.finished'], forks: false, ...on }, ...(key !== undefined && { key }) });

/** As the router looks for those that wait: by type, template and the key that the template makes of the event. */
const isFound = (one: EventWait, start: EventContext, heard: EventContext): boolean =>
  awaitedBy(waiting(one), start).some(({ type, template, key }) => type === heard.type && keyOrNone(template === '' ? undefined : template, heard) === key);

const told = fc.record({
  repository: fc.constantFrom('acme/shop', 'acme/scan', 'any job', undefined), sha: fc.constantFrom('a', 'b', undefined),
  type: fc.constantFrom('pipelinerun.finished' as const, 'pipelinerun.started' as const), change: fc.constantFrom({ number: 7 }, undefined), fact: fc.uuid(),
}).map((some): EventContext => ({ ...event, ...some }));

const asked: fc.Arbitrary<EventWait> = fc.record({
  event: fc.constantFrom(['pipelinerun.finished'], ['pipelinerun.*']),
  repository: fc.constantFrom(undefined, ['acme/shop'], ['acme/shop', 'acme/scan'], ['acme/*'], ['!acme/shop'], ['acme/scan', '!acme/*'], ['any job']),
  key: fc.constantFrom(undefined, '${{ event.sha }}', '${{ event.change.number }}', 'x-${{ event.sha }}'),
}).map(({ key, event: types, repository }) => wait({ event: [...types], ...(repository && { repository: [...repository] }) }, key));

describe('what a run listens to', () => {
  it('finds every event that its steps take, whatever they name', () => fc.assert(fc.property(asked, told, told, (one, start, heard) => {
    if (takesEvent(one, start, heard)) expect(isFound(one, start, heard)).toBe(true);
  }), { numRuns: 2_000 }));

  it('leaves those out that are of a repository which the wait does not name, with a key and without', () => {
    for (const key of [undefined, '${{ event.sha }}']) {
      const one = wait({ repository: ['acme/scan', 'acme/shop'] }, key);
      expect([isFound(one, event, { ...event, repository: 'acme/scan' }), isFound(one, event, { ...event, repository: 'acme/other' })]).toEqual([true, false]);
      expect(new Set(awaitedBy(waiting(one), event).map(({ template }) => template))).toEqual(new Set(awaitedTemplates(waiting(one)).map(({ template }) => template)));
    }
  });

  it('stays small where a wait names a great many repositories: each would be a lock of each run that starts', () => {
    const one = wait({ repository: Array.from({ length: 400 }, (_, at) => `acme/r${at}`) }, '${{ event.sha }}');
    expect(awaitedBy(waiting(one), event)).toHaveLength(1);
    expect(isFound(one, event, { ...event, repository: 'acme/r399' })).toBe(true);
  });
});
