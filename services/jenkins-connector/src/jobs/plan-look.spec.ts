import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorSince, firstCursor, isRestarted, mayHaveNews, startOver, type JobCursor, type SeenBuild } from './job-cursor.js';
import { planLook, type LookPlan } from './plan-look.js';

const AT = Date.parse('2026-11-24T12:00:00Z');
const HOUR = 3_600_000;

/** A build that began so many minutes before AT. */
const ended = (number: number, minutes = 10, seconds = 30): SeenBuild => ({ number, timestamp: AT - minutes * 60_000, duration: seconds * 1_000, building: false, result: 'SUCCESS' });
const running = (number: number, minutes = 10): SeenBuild => ({ number, timestamp: AT - minutes * 60_000, duration: 0, building: true, result: null });

const words = ({ batches }: LookPlan<SeenBuild>): string[] => batches.flatMap(({ tells }) => tells.map(({ build, predicates }) => `${build.number} ${predicates.join('+')}`));
const lastOf = ({ batches }: LookPlan<SeenBuild>): JobCursor | undefined => batches.at(-1)?.cursor;
const plan = (cursor: JobCursor, builds: SeenBuild[], more: { whole?: boolean; gone?: number[] } = {}) => planLook({ cursor, builds, at: AT, whole: true, ...more });

describe('the first look', () => {
  it('tells what runs and no history', () => {
    const builds = [ended(9, 1), running(8), ended(7), running(6), ended(5)];
    const first = plan(firstCursor(builds), builds);
    expect(words(first)).toEqual(['6 started', '8 started']);
    expect(lastOf(first)).toMatchObject({ lastNumber: 9, lastBeganAt: builds[0]!.timestamp, running: [6, 8] });
  });

  it('tells what ends right after it, whatever the clocks of proxies say', () => {
    const builds = [ended(9, 0, 0.9), running(8)];
    const first = plan(firstCursor(builds), builds);
    expect(words(first)).toEqual(['8 started']);
    expect(words(planLook({ cursor: lastOf(first)!, builds: [ended(10, -0.02, 1), ended(8, 10, 601)], at: AT - 30_000, whole: true }))).toEqual(['8 finished', '10 started+finished']);
  });

  it('of a job without builds makes all later ones news', () => {
    expect(firstCursor([])).toEqual({ lastNumber: 0, lastBeganAt: undefined, since: undefined, running: [] });
  });
});

describe('a look', () => {
  const cursor: JobCursor = { lastNumber: 5, lastBeganAt: AT - HOUR, running: [3, 5] };

  it('tells ends of what ran, and both ends of what came and went between two looks', () => {
    const found = plan(cursor, [running(8), ended(7), ended(5), running(3)]);
    expect(words(found)).toEqual(['5 finished', '7 started+finished', '8 started']);
    expect(lastOf(found)).toMatchObject({ lastNumber: 8, running: [3, 8] });
  });

  it('does not take a result that a running pipeline carries for its end', () => {
    expect(words(plan(cursor, [{ ...running(5), result: 'FAILURE' }]))).toEqual([]);
  });

  it('has nothing to write down when nothing is new', () => {
    expect(plan(cursor, [running(5), running(3)])).toEqual({ batches: [], leftOut: 0 });
  });

  it('asks no more for a build that is gone', () => {
    expect(lastOf(plan(cursor, [running(5)], { gone: [3] }))).toMatchObject({ running: [5] });
  });

  it('leaves out what ended more than a day ago, and says how many; what still runs is told', () => {
    const found = plan(cursor, [running(9, 3_000), ended(8, 60), ended(7, 25 * 60), ended(6, 25 * 60)]);
    expect(words(found)).toEqual(['8 started+finished', '9 started']);
    expect(found.leftOut).toBe(2);
    expect(words(plan(cursor, [ended(6, 25 * 60)]))).toEqual([]);
    expect(lastOf(plan(cursor, [ended(6, 25 * 60)]))).toMatchObject({ lastNumber: 6 });
  });

  it('counts what it could not read', () => {
    expect(plan(cursor, [ended(2_000), ended(1_999)], { whole: false }).leftOut).toBe(1_993);
  });

  it('of a branch made since the last look tells all of it, and nothing that ended long before', () => {
    expect(words(plan(cursorSince(AT - 20 * 60_000), [ended(2, 10), ended(1, 30)]))).toEqual(['2 started+finished']);
  });

  it.each([
    ['the next number is an old one', 3, []],
    ['the last number belongs to another build', 9, [ended(5, 1)]],
  ])('notices that numbers count anew: %s', (_, nextNumber, builds) => {
    expect(isRestarted(cursor, nextNumber, builds)).toBe(true);
    expect(words(plan(startOver(cursor), [ended(2, 1), ended(1, 2)]))).toEqual(['1 started+finished', '2 started+finished']);
  });

  it('does not take a deleted newest build for a restart', () => {
    expect(isRestarted(cursor, 6, [ended(4, 120)])).toBe(false);
  });

  it.each([
    [undefined, { nextNumber: 1 }, true],
    [{ lastNumber: 5, running: [] }, { nextNumber: 6, last: { number: 5 } }, false],
    [{ lastNumber: 5, running: [5] }, { nextNumber: 6, last: { number: 5 } }, true],
    [{ lastNumber: 5, running: [] }, { nextNumber: 7, last: { number: 6 } }, true],
    [{ lastNumber: 5, lastBeganAt: 1, running: [] }, { nextNumber: 6, last: { number: 5, timestamp: 2 } }, true],
    [{ lastNumber: 5, running: [] }, { nextNumber: 2, last: { number: 1 } }, true],
  ])('of %j beside %j is needed: %s', (known, child, needed) => {
    expect(mayHaveNews(known, child)).toBe(needed);
  });
});

describe('whenever the looks come, and wherever they are cut off', () => {
  it('each build is told once to have started and once to have ended, in this order', () => {
    fc.assert(fc.property(
      fc.array(fc.record({ began: fc.integer({ min: 0, max: 400 }), took: fc.integer({ min: 0, max: 200 }) }), { maxLength: 130 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }),
      fc.infiniteStream(fc.nat({ max: 3 })),
      (planned, steps, kept) => {
        const begins = planned.map(({ began }) => began).sort((one, other) => one - other);
        const told: string[] = [];
        let cursor = cursorSince(AT - 1);
        let now = 0;
        for (const step of [...steps, 700]) {
          now += step;
          const builds = begins.map((began, index) => ({ began, took: planned[index]!.took, number: index + 1 })).filter(({ began }) => began <= now)
            .map(({ began, took, number }) => ({ number, timestamp: AT + began * 1_000, duration: took * 1_000, building: began + took > now, result: began + took > now ? null : 'SUCCESS' }));
          const { batches } = planLook({ cursor, builds, at: AT + now * 1_000, whole: true });
          // A process that dies has committed some of the portions, and nothing of the others.
          const committed = step === 700 ? batches : batches.slice(0, kept.next().value ?? 0);
          for (const batch of committed) {
            told.push(...batch.tells.flatMap(({ build, predicates }) => predicates.map((predicate) => `${build.number} ${predicate}`)));
            cursor = batch.cursor;
          }
        }
        expect([...told].sort()).toEqual(begins.flatMap((_, index) => [`${index + 1} started`, `${index + 1} finished`]).sort());
        for (const [index] of begins.entries()) expect(told.indexOf(`${index + 1} started`)).toBeLessThan(told.indexOf(`${index + 1} finished`));
      },
    ), { numRuns: 300 });
  });
});
