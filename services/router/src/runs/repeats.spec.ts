import type { EventContext } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { goesBackTo, withEnd, type Repeats } from './repeats.js';

const KEY = 'https://gitlab.example/a/b/pipelinerun/7';
const at = (seconds: number): string => new Date(Date.parse('2026-11-24T08:00:00Z') + seconds * 1_000).toISOString();
const event = (more: Partial<EventContext>): EventContext => ({ type: 'pipelinerun.finished', fact: `${KEY}/1/finished`, run: { id: '7', attempt: 1 }, occurredAt: at(0), ...more }) as EventContext;
const end = (seconds: number, jobs?: number) => event({ finishedAt: at(seconds), ...(jobs !== undefined && { jobsFinishedAt: at(jobs) }) });
const isOurs = (more: Partial<Repeats>, of: EventContext): boolean => goesBackTo({ key: KEY, ...more }, of);

describe('what goes back to a command that sets a run going again', () => {
  it('is its attempt, with all that belongs to it, where the platform counts them', () => {
    const attempt = (number: number, type = 'pipelinerun.finished') => isOurs({ attempt: 2 }, event({ type, run: { id: '7', attempt: number } }));
    expect([attempt(1), attempt(2), attempt(3), attempt(2, 'taskrun.finished'), attempt(3, 'taskrun.finished')]).toEqual([false, true, false, true, false]);
  });

  it('is the next end, otherwise: not the one before, told again, nor the one that others have led to', () => {
    const after = at(0);
    expect([end(0, 0), end(0.9, 0.9), end(5, 4), end(5)].map((one) => isOurs({ after }, one))).toEqual([false, false, true, true]);
    expect([end(5, 4), end(60, 58)].map((one) => isOurs({ after, ended: at(4) }, one))).toEqual([true, false]);
  });

  it('is the next end also when it is told anew, as after a status on the commit, or without the times of its jobs', () => {
    expect([end(90, 4), end(90)].map((one) => isOurs({ after: at(0), ended: at(4) }, one))).toEqual([true, true]);
  });

  it('is whatever comes where the run had not ended before, or nobody knows when', () => {
    expect([end(-60, -60), end(5, 4)].map((one) => isOurs({}, one))).toEqual([true, true]);
  });

  it('is a begin behind the end before, and a job of its time', () => {
    const begin = (attempt: string | number) => event({ type: 'pipelinerun.started', fact: `${KEY}/${attempt}/started`, startedAt: at(-600), occurredAt: at(-600) });
    const [first, second] = ['2026-11-24T08:00:00Z', '2026-11-24T08:00:05Z'];
    expect(isOurs({ after: at(0.3) }, begin(first))).toBe(true);
    expect([begin(first), begin(second), begin(1)].map((one) => isOurs({ after: at(0.3), ended: at(4) }, one))).toEqual([true, false, false]);
    const job = (seconds: number) => event({ type: 'taskrun.finished', fact: 'a job', finishedAt: at(seconds) });
    expect([job(0), job(3), job(40)].map((one) => isOurs({ after: at(0), ended: at(4) }, one))).toEqual([false, true, false]);
  });
});

describe('the end that it came to', () => {
  const noted = (repeats: Partial<Repeats>, jobs: number | undefined, predicate: 'started' | 'finished' = 'finished') =>
    withEnd({ key: KEY, ...repeats }, { predicate, ...(jobs !== undefined && { jobsFinishedAt: at(jobs) }) })?.ended;

  it('is the first one after the one before, in whatever order they are told', () => {
    expect([noted({ after: at(0) }, 4), noted({ after: at(0), ended: at(60) }, 4), noted({ after: at(0), ended: at(4) }, 60)]).toEqual([at(4), at(4), undefined]);
  });

  it('is not the one before, nor known where the jobs are not, where attempts are counted, or where nobody knows what was there', () => {
    expect([noted({ after: at(0) }, -1), noted({ after: at(0) }, 0), noted({ after: at(0) }, undefined), noted({ after: at(0) }, 4, 'started'), noted({ attempt: 2 }, 4), noted({}, 4)])
      .toEqual([undefined, undefined, undefined, undefined, undefined, undefined]);
  });
});
