import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventContext, Filters, Join } from '../model.js';
import { joinPipeline } from './join-pipeline.js';
import { takePart } from './take-part.js';
import { joinCause } from './join-cause.js';
import type { JoinRecord } from './join-record.js';

const joinOf = (parts: Record<string, Partial<Filters>>): Join => ({
  id: 'all:0', key: '', withinMs: 1_000, missing: 'notify', parts: Object.entries(parts).map(([name, filters]) => ({ name, filters: { event: ['**'], forks: false, ...filters } })),
});
const event = (fact: string, more: Partial<EventContext>): EventContext => ({ id: fact, fact, type: 'pipelinerun.finished', occurredAt: '2026-01-01T00:00:00Z', ...more });

const JOIN = joinOf({ build: { repository: ['acme/shop'] }, scan: { repository: ['group/scan'] }, e2e: { repository: ['shop/e2e'] } });
const build = event('build', { repository: 'acme/shop', branch: 'main' });
const scan = event('scan', { repository: 'group/scan', branch: 'master' });
const e2e = event('e2e', { repository: 'shop/e2e' });
const EVENTS = { build, scan, e2e };

/** What the parts are to the run that they start when they come in this order. */
const arrived = (join: Join, order: readonly (keyof typeof EVENTS)[]) => {
  const chain = { links: 0, flows: [] };
  const record = order.reduce<JoinRecord | undefined>((row, name) => takePart(row, { flow: 'f', join, key: 'k', parts: [name], event: EVENTS[name], chain, now: new Date() }).record, undefined);
  return joinCause(record!, join)!;
};

describe('the pipeline of a run that a join starts', () => {
  it('is the same, whichever part came last, also where the event of the run is another each time', () => {
    const seen = new Set<string | undefined>();
    fc.assert(fc.property(fc.shuffledSubarray(['build', 'scan', 'e2e'] as const, { minLength: 3 }), (order) => {
      const cause = arrived(JOIN, order);
      seen.add(cause.event.repository);
      expect(joinPipeline(JOIN, cause.events)).toEqual({ repository: 'acme/shop', branch: 'main' });
    }), { numRuns: 50, seed: 1 });
    expect([...seen].sort()).toEqual(['acme/shop', 'group/scan', 'shop/e2e']);
  });

  it('is that of the part that the flow lists first; a branch that it does not know is told by the next', () => {
    const listed = joinOf({ e2e: {}, scan: {}, build: {} });
    expect(joinPipeline(listed, EVENTS)).toEqual({ repository: 'shop/e2e', branch: 'master' });
    expect(joinPipeline(listed, { ...EVENTS, e2e: event('e2e', { branch: 'main' }) })).toEqual({ repository: 'group/scan', branch: 'main' });
  });

  it('is another for another branch, and for another repository that the same filters take', () => {
    const open = joinOf({ build: { repository: ['acme/*'] }, scan: {} });
    const places = [{ branch: 'main' }, { branch: 'next' }, { repository: 'acme/web' }].map((more) => JSON.stringify(joinPipeline(open, { scan, build: { ...build, ...more } })));
    expect(new Set(places).size).toBe(3);
  });

  it('takes branch and tag from one part', () => {
    const tagged = event('build', { repository: 'acme/shop', tag: 'v1' });
    expect(joinPipeline(JOIN, { ...EVENTS, build: tagged })).toEqual({ repository: 'acme/shop', tag: 'v1' });
  });

  it('knows none where no part tells one', () => expect(joinPipeline(joinOf({ a: {}, b: {} }), { a: event('a', {}), b: event('b', {}) })).toEqual({}));
});

describe('a part that is missing', () => {
  const without = ({ build: _, ...rest }: typeof EVENTS) => rest;

  it('belongs where its filters name exactly: nothing else would have been taken', () => {
    expect(joinPipeline(JOIN, without(EVENTS)).repository).toBe('acme/shop');
    const onMain = joinOf({ build: { repository: ['acme/shop', '!acme/shop-old'], branches: ['main'] }, scan: {}, e2e: {} });
    expect(joinPipeline(onMain, without(EVENTS))).toEqual(joinPipeline(onMain, EVENTS));
  });

  it('tells nothing where its filters leave a choice: the next one does', () => {
    for (const repository of [['acme/*'], ['acme/shop', 'acme/web'], ['!acme/old'], undefined]) {
      const open = joinOf({ build: { ...(repository && { repository }), branches: ['main', 'release/**'] }, scan: {}, e2e: {} });
      expect(joinPipeline(open, without(EVENTS))).toEqual({ repository: 'group/scan', branch: 'master' });
    }
  });
});
