import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventContext, Join } from '../model.js';
import { closeJoin } from './close-join.js';
import { joinCause } from './join-cause.js';
import type { JoinRecord } from './join-record.js';
import { takePart, type Arrival } from './take-part.js';

const filters = { event: ['**'], forks: false };
const joinOf = (...names: string[]): Join => ({ id: 'all:0', parts: names.map((name) => ({ name, filters })), key: '', withinMs: 1_800_000, missing: 'notify' });
const JOIN = joinOf('build', 'scan', 'e2e');
const NOW = new Date('2026-01-01T00:00:00Z');

const event = (fact: string, more: Partial<EventContext> = {}): EventContext =>
  ({ id: `told ${fact}`, fact, type: 'pipelinerun.finished', connection: 'github', platform: 'github', occurredAt: '2026-01-01T00:00:00Z', ...more });

interface Told { parts: string[]; event: EventContext; flows?: string[]; join?: Join }

/** All that is told, one after the other; what came of each, and the row. */
const tell = (told: readonly Told[], from?: JoinRecord): { record: JoinRecord; arrivals: Arrival[] } => {
  let record = from;
  const arrivals = told.map(({ parts, event: one, flows = [], join = JOIN }) => {
    const taken = takePart(record, { flow: 'f', join, key: 'k', parts, event: one, chain: { links: flows.length, flows }, now: NOW });
    record = taken.record;
    return taken.arrival;
  });
  return { record: record!, arrivals };
};
const part = (name: string, n = 1, more: Partial<EventContext> = {}): Told => ({ parts: [name], event: event(`${name}-${n}`, more) });
const all = [part('build'), part('scan'), part('e2e')];

describe('a round of a join', () => {
  it('is complete with its last part, in whatever order and however often each is told; the cause is the same', () => {
    const told = fc.shuffledSubarray([...all, ...all, ...all], { minLength: 9 });
    const { fact } = joinCause(tell(all).record, JOIN)!;
    fc.assert(fc.property(told, (some) => {
      const { record, arrivals } = tell(some);
      expect(arrivals.filter((arrival) => arrival === 'complete')).toHaveLength(1);
      expect(arrivals.filter((arrival) => arrival === 'noted')).toHaveLength(2);
      expect(joinCause(record, JOIN)).toMatchObject({ fact, events: { build: { fact: 'build-1' }, scan: { fact: 'scan-1' }, e2e: { fact: 'e2e-1' } } });
    }));
  });

  it('starts its run with the part that came last', () => expect(joinCause(tell(all).record, JOIN)!.event.fact).toBe('e2e-1'));

  it('keeps of two events of one part the one that happened later, whichever came first', () => {
    const [early, late] = [part('build', 1), part('build', 2, { occurredAt: '2026-01-01T00:01:00Z' })];
    for (const order of [[early, late], [late, early]]) {
      const { record } = tell([...order, ...all.slice(1)]);
      expect(joinCause(record, JOIN)!.events['build']!.fact).toBe('build-2');
    }
  });

  it('takes an event for several parts that it is', () => expect(tell([{ parts: ['build', 'scan'], event: event('both') }, part('e2e')]).arrivals).toEqual(['noted', 'complete']));

  it('knows an end by its jobs as well: the same jobs are the same part', () => {
    const [hook, again] = ['t1/finished', 't2/finished'].map((at): Told => ({ parts: ['build'], event: event(`o/r/pipelinerun/7/${at}`, { jobsFinishedAt: 'j' }) }));
    expect(tell([hook!, again!]).arrivals).toEqual(['noted', 'known']);
  });

  it('notes what comes once more when its run has started, and starts none', () => expect(tell([...all, part('scan', 2), part('scan', 2)]).arrivals.slice(3)).toEqual(['late', 'known']));

  it('goes on under an edit: a part that was added is awaited, one that was taken out is not', () => {
    const more = joinOf('build', 'scan', 'e2e', 'perf');
    expect(tell(all.map((one) => ({ ...one, join: more }))).arrivals).toEqual(['noted', 'noted', 'noted']);
    const { record, arrivals } = tell([part('build'), part('e2e'), { ...part('scan'), join: joinOf('build', 'scan') }]);
    expect(arrivals.at(-1)).toBe('complete');
    expect(Object.keys(joinCause(record, joinOf('build', 'scan'))!.events)).toEqual(['build', 'scan']);
  });

  it('has behind it the runs that its parts go back to, those of all', () => {
    const { record } = tell([{ ...part('build'), flows: ['a'] }, { ...part('scan'), flows: ['b', 'c'] }, part('e2e')]);
    expect(joinCause(record, JOIN)!.chain).toEqual({ links: 3, flows: ['b', 'c', 'a'] });
  });
});

describe('a round whose time is over', () => {
  const over = (told: Told[], join?: Join, from = JOIN): [string, string[]] => {
    const { then, missing } = closeJoin(tell(told.map((one) => ({ join: from, ...one }))).record, join);
    return [then, missing];
  };

  it('names who is missing, and does what the flow says', () => {
    expect(over([part('scan')], JOIN)).toEqual(['notify', ['build', 'e2e']]);
    for (const missing of ['start', 'ignore'] as const) expect(over([part('scan')], { ...JOIN, missing })[0]).toBe(missing);
  });

  it('concerns nobody when its run has started, or the flow has nothing of it any more', () => {
    expect(over(all, JOIN)[0]).toBe('ignore');
    expect(over([part('scan')], undefined)[0]).toBe('ignore');
    expect(over([part('scan')], joinOf('x', 'y'))[0]).toBe('ignore');
  });

  it('starts when an edit took out what was missing', () => expect(over([part('build'), part('scan')], joinOf('build', 'scan'))).toEqual(['start', []]));

  it('is followed by another one with the next new event; what was told before begins none', () => {
    const { record } = closeJoin(tell(all).record, JOIN);
    expect(tell(all, record).arrivals).toEqual(['known', 'known', 'known']);
    const next = tell([part('build', 2), part('scan', 2), part('e2e', 2)], record);
    expect(next.arrivals).toEqual(['noted', 'noted', 'complete']);
    expect(joinCause(next.record, JOIN)!.fact).not.toBe(joinCause(tell(all).record, JOIN)!.fact);
  });

  it('leaves no more than the last facts, and forgets none of an open round', () => {
    const many = Array.from({ length: 600 }, (_, n) => part('build', n));
    expect(tell(many).record.seen).toHaveLength(500);
    expect(tell([many.at(-1)!], tell(many).record).arrivals).toEqual(['known']);
  });
});
