import { describe, expect, it } from 'vitest';
import type { JobAnswer } from '../jobs/jobs.client.js';
import { wasRetried } from './was-retried.js';

const SENT = new Date('2026-11-30T10:00:00Z');
const job = (id: number, name: string, seconds: number): JobAnswer => ({ id, name, created_at: new Date(SENT.getTime() + seconds * 1_000).toISOString() });

describe('whether the jobs of a pipeline were run again since we asked for it', () => {
  it('is told by a job that took the place of an earlier one since', () => {
    expect(wasRetried({ jobs: [job(2, 'scan', 0), job(1, 'scan', -60)], clockAheadMs: 0 }, SENT)).toBe(true);
  });

  it('is not told by jobs that are there for the first time, however new', () => {
    expect(wasRetried({ jobs: [job(1, 'scan', 5), job(2, 'sast', 5)], clockAheadMs: 0 }, SENT)).toBe(false);
  });

  it('is not told by an earlier retry', () => {
    expect(wasRetried({ jobs: [job(2, 'scan', -30), job(1, 'scan', -60)], clockAheadMs: 0 }, SENT)).toBe(false);
  });

  it('is told by the clock of the platform, where that is known', () => {
    const jobs = [job(2, 'scan', -3_600), job(1, 'scan', -7_200)];
    expect(wasRetried({ jobs, clockAheadMs: -3_600_000 }, SENT)).toBe(true);
    expect(wasRetried({ jobs: [job(2, 'scan', 3_570), job(1, 'scan', 0)], clockAheadMs: 3_600_000 }, SENT)).toBe(false);
  });
});
