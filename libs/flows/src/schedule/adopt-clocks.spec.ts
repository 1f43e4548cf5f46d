import { describe, expect, it } from 'vitest';
import { adoptClocks } from './adopt-clocks.js';
import type { KnownClock, WantedClock } from './clocks.js';

const NOW = new Date('2026-01-02T00:00:00Z');
const THEN = new Date('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;

const absence = (id: string, hours = 26): WantedClock => ({ flow: 'f', id: `absent:${id}`, forSeconds: hours * 3600 });
const schedule = (id: string): WantedClock => ({ flow: 'f', id: `schedule:${id}`, dueAt: new Date(NOW.getTime() + HOUR) });
const known = ({ flow, id }: WantedClock, more: Partial<KnownClock> = {}): KnownClock => ({ flow, id, since: THEN, told: null, dueAt: null, stale: false, ...more });

describe('clocks of the flows in force', () => {
  it('that are new count from now on', () => {
    const { add } = adoptClocks([], [absence('a'), schedule('s')], NOW);
    expect(add).toEqual([
      { flow: 'f', id: 'absent:a', since: NOW, told: null, dueAt: new Date(NOW.getTime() + 26 * HOUR) },
      { flow: 'f', id: 'schedule:s', since: NOW, told: null, dueAt: new Date(NOW.getTime() + HOUR) },
    ]);
  });

  it('that are there go on', () => {
    expect(adoptClocks([known(absence('a')), known(schedule('s'))], [absence('a'), schedule('s')], NOW)).toEqual({ add: [], rename: [], renew: [] });
  });

  it('of an absence that was edited go on from where it stood, also when it was told', () => {
    const { add, rename } = adoptClocks([known(absence('a')), known({ ...absence('x'), flow: 'g' })], [absence('b', 27)], NOW);
    expect(add).toEqual([]);
    expect(rename).toEqual([{ flow: 'f', id: 'absent:b', from: 'absent:a', since: THEN, told: null, dueAt: new Date(THEN.getTime() + 27 * HOUR) }]);
    expect(adoptClocks([known(absence('a'), { told: THEN })], [absence('b')], NOW).rename[0]).toMatchObject({ told: THEN, dueAt: null });
  });

  it('give way to one each: a second absence is new', () => {
    const { add, rename } = adoptClocks([known(absence('a')), known(schedule('s'))], [absence('b'), absence('c'), schedule('t')], NOW);
    expect([rename.map(({ id, from }) => [id, from]), add.map(({ id }) => id)]).toEqual([[['absent:b', 'absent:a']], ['absent:c', 'schedule:t']]);
  });

  it('that come back after others were in force count anew, and nobody goes on from them', () => {
    const stale = known(absence('a'), { stale: true });
    expect(adoptClocks([stale], [absence('a')], NOW).renew).toMatchObject([{ id: 'absent:a', since: NOW, told: null }]);
    expect(adoptClocks([stale], [absence('b')], NOW)).toMatchObject({ rename: [], add: [{ id: 'absent:b', since: NOW }] });
  });
});
