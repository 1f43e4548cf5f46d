import { describe, expect, it } from 'vitest';
import type { JobAnswer } from '../jobs/jobs.client.js';
import { retriedAt } from './retried-at.js';

const SENT = new Date('2026-11-30T10:00:00Z');
const job = (id: number, name: string, seconds: number): JobAnswer => ({ id, name, created_at: new Date(SENT.getTime() + seconds * 1_000).toISOString() });

describe('when the jobs of a pipeline were run again since we asked for it', () => {
  it('is told by the first job that took the place of an earlier one since', () => {
    const jobs = [job(5, 'sast', 40), job(4, 'scan', 3), job(3, 'scan', 1), job(2, 'sast', -60), job(1, 'scan', -60)];
    expect(retriedAt({ jobs, clockAheadMs: 0 }, SENT)).toBe('2026-11-30T10:00:01.000Z');
  });

  it('is not told by jobs that are there for the first time, however new', () => {
    expect(retriedAt({ jobs: [job(1, 'scan', 5), job(2, 'sast', 5)], clockAheadMs: 0 }, SENT)).toBeUndefined();
  });

  it('is not told by an earlier retry', () => {
    expect(retriedAt({ jobs: [job(2, 'scan', -30), job(1, 'scan', -60)], clockAheadMs: 0 }, SENT)).toBeUndefined();
  });

  it('is told by the clock of the platform, where that is known', () => {
    const jobs = [job(2, 'scan', -3_600), job(1, 'scan', -7_200)];
    expect(retriedAt({ jobs, clockAheadMs: -3_600_000 }, SENT)).toBe('2026-11-30T09:00:00.000Z');
    expect(retriedAt({ jobs: [job(2, 'scan', 3_570), job(1, 'scan', 0)], clockAheadMs: 3_600_000 }, SENT)).toBeUndefined();
  });
});
