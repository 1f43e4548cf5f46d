const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** `2h`, `30m`, `7d` before `now`, or an RFC 3339 time; undefined when the text is neither. */
export const readTime = (text: string, now: Date): Date | undefined => {
  const ago = /^(\d{1,6})([smhd])$/.exec(text);
  if (ago) return new Date(now.getTime() - Number(ago[1]) * UNITS[ago[2]!]!);
  return RFC_3339.test(text) && !Number.isNaN(Date.parse(text)) ? new Date(text) : undefined;
};
