import { describe, expect, it } from 'vitest';
import { freshJournal } from '../spec/hook-receiver.js';
import { Shelf } from './shelf.js';
import { Store } from './store.js';

interface Run {
  id: number;
  repository: string;
  ended: boolean;
}

const rules = { keyOf: (run: Run) => run.id, groupOf: (run: Run) => run.repository, hasEnded: (run: Run) => run.ended };
const run = (id: number, ended = false): Run => ({ id, repository: id % 2 ? 'odd' : 'even', ended });
const ids = (runs: Iterable<Run>): number[] => [...runs].map(({ id }) => id);

describe('a shelf of runs', () => {
  it('shows the newest first, by group, also after a restart', () => {
    const file = freshJournal();
    const store = new Store(file);
    const shelf = new Shelf(store.table<Run>('runs'), rules);
    for (let id = 1; id <= 5; id += 1) shelf.put(run(id));
    shelf.put(run(1, true));
    expect([ids(shelf.newest()), ids(shelf.newest('odd')), shelf.count('even'), ids(shelf.newest('none'))]).toEqual([[5, 4, 3, 2, 1], [5, 3, 1], 2, []]);
    store.close();
    const again = new Shelf(new Store(file).table<Run>('runs'), rules);
    expect([ids(again.newest('odd')), again.get(1)?.ended]).toEqual([[5, 3, 1], true]);
  });

  it('shows a time from either end without touching what is outside of it', () => {
    const shelf = new Shelf(new Store(freshJournal()).table<Run>('runs'), rules);
    for (let id = 1; id <= 9; id += 1) shelf.put(run(id));
    expect(ids(shelf.newest('odd', ({ id }) => id > 5))).toEqual([5, 3, 1]);
    expect(ids(shelf.newest(undefined, ({ id }) => id > 0))).toEqual([]);
    expect(ids(shelf.since('even', ({ id }) => id >= 3))).toEqual([4, 6, 8]);
    expect(ids(shelf.since('even', () => false))).toEqual([]);
  });

  it('forgets the oldest that have ended when there are too many, and never one that goes on', () => {
    const shelf = new Shelf(new Store(freshJournal()).table<Run>('runs'), rules, 4);
    shelf.put(run(1));
    for (let id = 2; id <= 50; id += 1) {
      shelf.put(run(id));
      shelf.put(run(id, true));
    }
    expect(ids(shelf.newest()).length).toBeLessThanOrEqual(6);
    expect(ids(shelf.newest()).at(-1)).toBe(1);
    expect(ids(shelf.newest())[0]).toBe(50);
    expect(shelf.count('odd') + shelf.count('even')).toBe(ids(shelf.newest()).length);
  });
});
