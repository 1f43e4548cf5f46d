const UNITS = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;

/** Hours, minutes, seconds, milliseconds: each at most once and in this order, e.g. `1h30m`. */
export const DURATION = /^(?=\d)(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/;

export const DURATION_EXPECTED = 'expected a duration such as 500ms, 90s, 10m or 1h30m';

/** `1h30m` → 5400000; undefined when the text is no duration. */
export const parseDuration = (text: string): number | undefined => {
  const match = DURATION.exec(text);
  if (!match) return undefined;
  const [h, m, s, ms] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number];
  return h * UNITS.h + m * UNITS.m + s * UNITS.s + ms * UNITS.ms;
};
