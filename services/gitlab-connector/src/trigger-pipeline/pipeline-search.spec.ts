import { describe, expect, it } from 'vitest';
import { isPast } from './pipeline-search.js';

const until = Date.parse('2026-11-24T10:05:00Z');
const page = (...minutes: number[]) => minutes.map((minute, id) => ({ id, created_at: new Date(Date.parse('2026-11-24T10:00:00Z') + minute * 60_000).toISOString() }));

describe('a page of pipelines ends the search', () => {
  it('when it reaches beyond the time, oldest first', () => expect(isPast(page(4, 5, 6), until)).toBe(true));

  it.each([
    ['all of it is of that time', page(1, 2, 5)],
    ['the server lists the newest first', page(9, 6, 2)],
    ['it is not to be told how the server lists', page(6)],
    ['it is empty', []],
  ])('not when %s', (_, of) => expect(isPast(of, until)).toBe(false));
});
