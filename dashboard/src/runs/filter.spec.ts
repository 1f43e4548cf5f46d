import { describe, expect, it } from 'vitest';
import type { Run } from '../api/run.js';
import { filterOfQuery, queryOfFilter, shownRuns } from './filter.js';

const run = (id: string, createdAt: string, flow: string, branch: string): Run =>
  ({ id, createdAt, flow, state: 'running', reason: null, event: { repository: 'acme/shop', branch } }) as Run;

const runs = [run('a', '2026-01-01', 'release', 'main'), run('b', '2026-01-03', 'nightly', 'main'), run('c', '2026-01-02', 'release', 'dev')];
const none = { flow: '', state: '', text: '' };

describe('the list', () => {
  it('is newest first', () => expect(shownRuns(runs, none, 9).map((one) => one.id)).toEqual(['b', 'c', 'a']));
  it('is filtered by flow, state and words, whatever their case', () => {
    expect(shownRuns(runs, { ...none, flow: 'release' }, 9).map((one) => one.id)).toEqual(['c', 'a']);
    expect(shownRuns(runs, { ...none, state: 'failed' }, 9)).toEqual([]);
    expect(shownRuns(runs, { ...none, text: 'SHOP dev' }, 9).map((one) => one.id)).toEqual(['c']);
  });
  it('keeps its filter in the address', () => {
    const filter = { flow: 'release', state: 'failed', text: 'a b&c' };
    expect(filterOfQuery(queryOfFilter(filter).slice(1))).toEqual(filter);
    expect(queryOfFilter(none)).toBe('/');
  });
});
