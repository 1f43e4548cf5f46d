import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coveredDeliveries, type LoggedDelivery, type RunAction, type Telling } from './match-deliveries.js';

const delivery = (guid: string, at: number, action: string = 'completed'): LoggedDelivery => ({ guid, at, action });
const telling = (from: number, to = from + 60, action: RunAction = 'completed'): Telling => ({ action, from, to });
const covered = (...of: Parameters<typeof coveredDeliveries>): string[] => [...coveredDeliveries(...of)].sort();

describe('deliveries count as brought back by a list', () => {
  it('when each has a telling of its own at its time', () => expect(covered([delivery('a', 5), delivery('b', 70)], [], [telling(0), telling(65)])).toEqual(['a', 'b']));
  it('none of them when one is about a run that the list does not show, as nobody knows which', () => expect(covered([delivery('a', 5), delivery('b', 6)], [], [telling(0)])).toEqual([]));
  it('when that happened at another time', () => expect(covered([delivery('a', 5), delivery('b', 500), delivery('c', 501)], [], [telling(0), telling(499)])).toEqual(['a']));
  it('not when a run of the list was told by a delivery that arrived, and theirs is another', () => {
    expect(covered([delivery('a', 5)], [delivery('arrived', 6)], [telling(0)])).toEqual([]);
    expect(covered([delivery('a', 5)], [delivery('arrived', 6)], [telling(0), telling(1)])).toEqual(['a']);
  });
  it('not by what was told before or after them', () => expect(covered([delivery('a', 100)], [], [telling(0), telling(101)])).toEqual([]));
  it('not by the number alone: in a group each needs one that is possible at its time', () =>
    expect(covered([delivery('a', 5), delivery('b', 6), delivery('c', 100)], [], [telling(0, 60), telling(50, 120), telling(90, 150)])).toEqual([]));
  it('of the same action only', () => expect(covered([delivery('a', 5, 'requested')], [], [telling(0)])).toEqual([]));
  it('not with an action that no list shows', () => expect(covered([delivery('a', 5, 'renamed')], [], [telling(0)])).toEqual([]));

  it('as begun only where nothing else is missing: the time of that is not in the list', () => {
    const begun = delivery('b', 50, 'in_progress');
    const spans = [telling(0, 1_000, 'in_progress'), telling(0, 60)];
    expect(covered([begun, delivery('c', 5)], [], spans)).toEqual(['b', 'c']);
    expect(covered([begun, delivery('c', 5), delivery('d', 400)], [], spans)).toEqual(['c']);
  });

  it('all of them when nothing is missing, in whatever order; and none for sure of its group when one run is', () => {
    const times = fc.array(fc.record({ at: fc.integer({ min: 0, max: 10_000 }), late: fc.integer({ min: 0, max: 60 }) }), { minLength: 1, maxLength: 60 });
    fc.assert(fc.property(times, fc.nat(), (happened, which) => {
      const deliveries = happened.map(({ at, late }, n) => delivery(String(n), at + late));
      const tellings = happened.map(({ at }) => telling(at));
      expect(coveredDeliveries(deliveries, [], [...tellings].reverse()).size).toBe(deliveries.length);
      const hidden = which % happened.length;
      const rest = tellings.filter((_, n) => n !== hidden);
      expect(coveredDeliveries(deliveries, [], rest).has(String(hidden))).toBe(false);
    }));
  });
});
