import { expect, it } from 'vitest';
import type { Run } from './api/run.js';
import { merge } from './use-runs.js';

const run = (id: string, version: number): Run => ({ id, version }) as Run;

it('an older version never replaces a newer one, whichever way it came', () => {
  const known = merge(new Map(), [run('a', 3), run('b', 1)]);
  expect(merge(known, [run('a', 2)])).toBe(known);
  expect(merge(known, [run('a', 4)]).get('a')).toEqual(run('a', 4));
});
