import type { Timing } from '../timing.js';

export interface AbsentLook {
  now: Date;
  /** When the outcome of the call became unknown. */
  calledAt: Date;
  /** The first look-up that found nothing; absent when this is the first. */
  absentAt?: Date;
}

export type AbsenceVerdict = { sure: true } | { sure: false; absentAt: Date; lookAgainAt: Date };

/** A look-up found nothing. Sure only after two that agree, far enough apart and from the call: platforms list new runs late. */
export const judgeAbsence = (look: AbsentLook, { gapMs, quietMs }: Timing['lookUp']): AbsenceVerdict => {
  const now = look.now.getTime();
  const quietAt = look.calledAt.getTime() + quietMs;
  if (look.absentAt && now - look.absentAt.getTime() >= gapMs && now >= quietAt) return { sure: true };
  const absentAt = look.absentAt ?? look.now;
  const apartAt = absentAt.getTime() + gapMs;
  // Between the first look and the quiet time one more is made after the gap: a run listed late is then found soon.
  const next = apartAt > now ? apartAt : Math.max(quietAt, now + 1);
  return { sure: false, absentAt, lookAgainAt: new Date(next) };
};
