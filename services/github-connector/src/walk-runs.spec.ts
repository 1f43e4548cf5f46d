import { describe, expect, it } from 'vitest';
import { walkRuns, type ReadRunPage } from './walk-runs.js';

const window = { from: new Date('2026-01-01T00:00:00Z'), until: new Date('2026-01-01T00:00:16Z') };

/** A list of ids, newest first, of which one goes right after a page was read. */
const listOf = (count: number, gone: { after: number; id: number }): { read: ReadRunPage<number>; reads: () => number } => {
  let ids = Array.from({ length: count }, (_, n) => count - n);
  let reads = 0;
  const read: ReadRunPage<number> = async (_window, page) => {
    const answer = { runs: ids.slice((page - 1) * 100, page * 100), total: ids.length };
    if ((reads += 1) === gone.after) ids = ids.filter((id) => id !== gone.id);
    return answer;
  };
  return { read, reads: () => reads };
};

const seenIn = async (list: ReturnType<typeof listOf>, over: boolean): Promise<Set<number>> => {
  const seen = new Set<number>();
  expect(await walkRuns(list.read, { window, most: 50, over }, (page) => (page.forEach((id) => seen.add(id)), false))).toBe('whole');
  return seen;
};

describe('going through a list while runs are deleted', () => {
  it('begins a time that is over anew, so that the run that moved to the page before is seen', async () => {
    const list = listOf(250, { after: 1, id: 200 });
    expect([(await seenIn(list, true)).size, list.reads()]).toEqual([250, 5]);
  });
  it('misses that one where runs still come in, as the number changes anyway', async () => expect((await seenIn(listOf(250, { after: 1, id: 200 }), false)).has(150)).toBe(false));
  it('reads no page twice when nothing changes', async () => {
    const list = listOf(250, { after: 9, id: 1 });
    expect([(await seenIn(list, true)).size, list.reads()]).toEqual([250, 3]);
  });
});
