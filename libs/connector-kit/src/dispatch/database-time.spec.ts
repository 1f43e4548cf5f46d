import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DatabaseTime } from './database-time.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('is told by the answer that was least late, and by none that is old', () => {
  const time = new DatabaseTime();
  const heard = (aheadMs: number): number => {
    time.learn(new Date(Date.now() + aheadMs));
    return time.now().getTime() - Date.now();
  };
  expect([heard(400), heard(150), heard(600)]).toEqual([400, 400, 600]);
  expect([time.here(time.now()), time.there(new Date()).getTime()]).toEqual([Date.now(), Date.now() + 600]);
  vi.advanceTimersByTime(30_000);
  expect(heard(-5_000)).toBe(-5_000);
});
