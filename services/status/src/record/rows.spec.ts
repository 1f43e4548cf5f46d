import { describe, expect, it } from 'vitest';
import { firstOfEach, rounds, rowsJson, sortedRows } from './rows.js';

const row = (key: string, n = 0) => ({ key, n });
const keyOf = ({ key }: { key: string }): string => key;

describe('rows of one statement', () => {
  it('are in the order of their keys, so that replicas lock alike', () => expect(sortedRows([row('b'), row('a')], keyOf)).toEqual([row('a'), row('b')]));
  it('of each key the first', () => expect(firstOfEach([row('a', 1), row('b', 2), row('a', 3)], keyOf)).toEqual([row('a', 1), row('b', 2)]));
  it('come in rounds that touch a key once, each in its order', () =>
    expect(rounds([row('a', 1), row('b', 2), row('a', 3), row('a', 4)], keyOf)).toEqual([[row('a', 1), row('b', 2)], [row('a', 3)], [row('a', 4)]]));
});

describe('their JSON', () => {
  it('is the rows', () => expect(JSON.parse(rowsJson([{ text: 'Grüße 🚂 \\u0000' }]))).toEqual([{ text: 'Grüße 🚂 \\u0000' }]));
  it('holds nothing that the database refuses', () => {
    const made = JSON.parse(rowsJson([{ 'a\0b': ['x\0y', { half: 'a\ud800b', whole: '🚂' }], n: 1, none: null }])) as unknown;
    expect(made).toEqual([{ ab: ['xy', { half: 'a\ufffdb', whole: '🚂' }], n: 1, none: null }]);
  });
});
