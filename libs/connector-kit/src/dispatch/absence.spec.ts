import { describe, expect, it } from 'vitest';
import { TIMING } from '../timing.js';
import { judgeAbsence } from './absence.js';

const called = new Date('2026-11-24T09:00:00Z');
const after = (seconds: number) => new Date(called.getTime() + seconds * 1_000);
const judge = (now: Date, absentAt?: Date) => judgeAbsence({ now, calledAt: called, absentAt }, TIMING.lookUp);

describe('when a run is surely absent', () => {
  it('is never sure after one look, however late', () => {
    expect(judge(after(600))).toMatchObject({ sure: false });
  });

  it('is not sure when two looks are less than ten seconds apart', () => {
    expect(judge(after(40), after(31))).toMatchObject({ sure: false, lookAgainAt: after(41) });
  });

  it('is not sure before thirty seconds have passed since the call', () => {
    expect(judge(after(29), after(2))).toMatchObject({ sure: false, lookAgainAt: after(30) });
  });

  it('is sure after two looks ten seconds apart, the last thirty seconds after the call', () => {
    expect(judge(after(30), after(2))).toEqual({ sure: true });
  });

  it('looks at 2, 12 and 30 seconds when nothing is found', () => {
    const first = judge(after(2));
    const second = judge(after(12), after(2));
    expect([first, second].map((verdict) => !verdict.sure && verdict.lookAgainAt)).toEqual([after(12), after(30)]);
  });
});
