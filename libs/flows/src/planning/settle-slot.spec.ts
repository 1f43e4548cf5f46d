import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Concurrency } from '../model.js';
import { settleSlot, type MakeRoom } from './settle-slot.js';
import type { Place } from './slots.js';

type WhenFull = Concurrency['whenFull'];

const place = (run: string, whenFull: WhenFull, more: Partial<Place> = {}): Place =>
  ({ scope: 'flow:f', key: 'k', run, flow: 'f', limit: 1, whenFull, held: false, displaced: false, rollingBack: false, ...more });

const held = (run: string, more: Partial<Place> = {}): Place => place(run, 'queue', { held: true, ...more });

const runs = (places: readonly Place[]): string[] => places.map(({ run }) => run);
const pairs = (moves: readonly MakeRoom[]): string[] => moves.map((move) => `${move.place.run} for ${move.newer.run}`);

const moves = (...places: Place[]) => {
  const { give, drop, replace, cancel } = settleSlot(places);
  return { give: runs(give), drop: runs(drop), replace: pairs(replace), cancel: pairs(cancel) };
};

const NOTHING = { give: [], drop: [], replace: [], cancel: [] };

describe('a slot', () => {
  it('is given in the order of coming, as far as there is room', () => {
    expect(moves(held('a'), place('b', 'queue'))).toEqual(NOTHING);
    expect(moves(place('b', 'queue'), place('c', 'queue'))).toEqual({ ...NOTHING, give: ['b'] });
    const two = { limit: 2 };
    expect(moves(held('a', two), place('b', 'queue', two), place('c', 'queue', two))).toEqual({ ...NOTHING, give: ['b'] });
  });

  it('is not given past one whose own limit does not let it in yet', () => {
    expect(moves(held('a'), place('b', 'queue', { limit: 1 }), place('c', 'queue', { limit: 5 }))).toEqual(NOTHING);
  });

  it('with replace-queued: the newest takes the place of all that wait; nobody goes while there is room', () => {
    expect(moves(held('a'), place('b', 'replace-queued'), place('c', 'replace-queued'), place('d', 'replace-queued'))).toEqual({ ...NOTHING, replace: ['b for d', 'c for d'] });
    expect(moves(place('b', 'replace-queued'), place('c', 'replace-queued'))).toEqual({ ...NOTHING, give: ['b'] });
  });

  it('with drop: who finds it full does not wait', () => {
    expect(moves(held('a'), place('b', 'drop'))).toEqual({ ...NOTHING, drop: ['b'] });
    expect(moves(place('b', 'drop'), place('c', 'drop'))).toEqual({ ...NOTHING, give: ['b'], drop: ['c'] });
  });

  it('with cancel-running: the oldest holders go, once; no rollback is cut short', () => {
    expect(moves(held('a'), place('b', 'cancel-running'))).toEqual({ ...NOTHING, cancel: ['a for b'] });
    expect(moves(held('a', { displaced: true }), place('b', 'cancel-running'))).toEqual(NOTHING);
    expect(moves(held('a', { rollingBack: true }), place('b', 'cancel-running'))).toEqual(NOTHING);
    const two = { limit: 2 };
    expect(moves(held('a', two), held('b', two), place('c', 'cancel-running', two))).toEqual({ ...NOTHING, cancel: ['a for c'] });
    expect(moves(held('a', { ...two, displaced: true }), held('b', two), place('c', 'cancel-running', two), place('d', 'cancel-running', two))).toEqual({ ...NOTHING, cancel: ['b for d'] });
  });

  it('with cancel-running: of those that wait only the newest are left, so that none is started to be cancelled', () => {
    expect(moves(held('a', { rollingBack: true }), place('b', 'cancel-running'), place('c', 'cancel-running'))).toEqual({ ...NOTHING, replace: ['b for c'] });
    expect(moves(place('b', 'cancel-running'), place('c', 'cancel-running'))).toEqual({ ...NOTHING, give: ['c'], replace: ['b for c'] });
  });

  it('with a limit that was lowered gives nothing until enough have left', () => {
    expect(moves(held('a'), held('b'), place('c', 'queue'))).toEqual(NOTHING);
  });
});

/** What comes of a slot when its moves are made: victims leave at once, or when they are told so later. */
const made = (places: readonly Place[], leavesAtOnce: boolean): Place[] => {
  const { give, drop, replace, cancel } = settleSlot(places);
  const gone = new Set([...drop, ...replace.map((move) => move.place), ...(leavesAtOnce ? cancel.map((move) => move.place) : [])]);
  const told = new Set(cancel.map((move) => move.place));
  return places.filter((one) => !gone.has(one)).map((one) => ({ ...one, held: one.held || give.includes(one), displaced: one.displaced || told.has(one) }));
};

type Turn = { what: 'come'; whenFull: WhenFull } | { what: 'leave' | 'roll-back'; at: number } | { what: 'look'; atOnce: boolean };

const turn: fc.Arbitrary<Turn> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('come' as const), whenFull: fc.constantFrom<WhenFull>('queue', 'replace-queued', 'cancel-running', 'drop') }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constantFrom('leave' as const, 'roll-back' as const), at: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('look' as const), atOnce: fc.boolean() }) },
);

const after = (places: readonly Place[], next: Turn, limit: number, n: number): Place[] => {
  const holders = places.filter((one) => one.held);
  const chosen = 'at' in next ? holders[next.at % Math.max(1, holders.length)] : undefined;
  if (next.what === 'look') return made(places, next.atOnce);
  if (next.what === 'come') return [...places, place(`r${n}`, next.whenFull, { limit })];
  if (next.what === 'leave') return places.filter((one) => one !== chosen);
  return places.map((one) => (one === chosen && !one.displaced ? { ...one, rollingBack: true } : one));
};

const checkSettled = (before: readonly Place[], places: readonly Place[], limit: number): void => {
  const holders = places.filter((one) => one.held);
  const line = places.filter((one) => !one.held);
  expect(holders.length).toBeLessThanOrEqual(limit);
  expect(settleSlot(places)).toEqual({ give: [], drop: [], replace: [], cancel: [] });
  if (line.length > 0) expect(holders).toHaveLength(limit);
  expect(line.filter((one) => one.whenFull === 'drop')).toEqual([]);
  expect(line.slice(0, -1).some((_, at) => line[at + 1]!.whenFull === 'replace-queued')).toBe(false);
  // First come, first served: nobody who still waits came before one who was given a place.
  const given = line.length > 0 ? before.filter((one) => !one.held && holders.some(({ run }) => run === one.run)) : [];
  expect(given.every((one) => runs(before).indexOf(one.run) < runs(before).indexOf(line[0]!.run))).toBe(true);
  const newest = before.findLast((one) => !one.held);
  if (newest && newest.whenFull !== 'drop') expect(runs(places)).toContain(newest.run);
  for (const one of before) if (one.rollingBack) expect(places.find(({ run }) => run === one.run)).toMatchObject({ displaced: false });
  for (const { run } of before.filter((one) => one.held && !one.displaced)) if (!runs(places).includes(run)) expect(before.some((one) => one.whenFull === 'cancel-running')).toBe(true);
};

describe('whoever comes and goes in whatever order', () => {
  it('never more than the limit are in, nobody waits in vain, the newest is not sent away, and one look is enough', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 3 }), fc.array(turn, { maxLength: 60 }), (limit, turns) => {
      let places: Place[] = [];
      for (const [n, next] of turns.entries()) {
        const before = places;
        places = after(before, next, limit, n);
        expect(places.filter((one) => one.held).length).toBeLessThanOrEqual(limit);
        if (next.what === 'look' && !next.atOnce) checkSettled(before, places, limit);
      }
    }), { numRuns: 500 });
  }, 60_000);
});
