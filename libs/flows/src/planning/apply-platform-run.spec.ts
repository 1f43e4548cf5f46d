import { describe, expect, it } from 'vitest';
import { isFurther } from './apply-platform-run.js';

const end = (at: string, jobsFinishedAt?: string) => ({ predicate: 'finished', attempt: 1, at: `2026-11-24T08:${at}Z`, jobsFinishedAt }) as const;

describe('of two ends of a run of a platform', () => {
  it('the later one is further: it was retried', () => {
    expect(isFurther(end('09:30', 'j2'), end('04:02', 'j1'))).toBe(true);
    expect(isFurther(end('04:02', 'j1'), end('09:30', 'j2'))).toBe(false);
    expect(isFurther(end('09:30'), end('04:02', 'j1'))).toBe(true);
  });

  it('after the same jobs the first one counts, in whichever order they are heard of', () => {
    expect(isFurther(end('09:30', 'j1'), end('04:02', 'j1'))).toBe(false);
    expect(isFurther(end('04:02', 'j1'), end('09:30', 'j1'))).toBe(true);
    expect(isFurther(end('04:02', 'j1'), end('04:02', 'j1'))).toBe(false);
  });
});
