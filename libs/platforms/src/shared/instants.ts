import type { Reader } from './read.js';

const SHAPE = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d{1,9})? ?(Z|UTC|[+-]\d{2}:?\d{2})?$/;

const zoneOf = (zone: string | undefined): string => {
  if (zone === undefined || zone === 'UTC') return 'Z';
  return zone.includes(':') || zone === 'Z' ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
};

const asIso = (milliseconds: number): string | undefined =>
  milliseconds > 0 && milliseconds < 253_402_300_800_000 ? new Date(milliseconds).toISOString() : undefined;

/**
 * An instant as RFC 3339 in UTC. GitLab alone writes it in three shapes:
 * ISO, `2016-08-12 15:23:28 UTC` and `2021-04-28 21:50:00 +0200`; without a zone it is taken for UTC.
 */
export const instant: Reader<string> = (value) => {
  const match = typeof value === 'string' ? SHAPE.exec(value) : null;
  if (!match) return undefined;
  const fraction = match[3]?.slice(0, 4) ?? '';
  return asIso(Date.parse(`${match[1]}T${match[2]}${fraction}${zoneOf(match[4])}`));
};

/** Milliseconds since 1970. */
export const epochMilliseconds: Reader<string> = (value) => (typeof value === 'number' ? asIso(value) : undefined);

/** Seconds since 1970, or a text: GitHub's `pushed_at` is one in `push`, the other elsewhere. */
export const epochSecondsOrInstant: Reader<string> = (value) =>
  typeof value === 'number' ? asIso(value * 1_000) : instant(value);

/** `2026-11-24T08:15:30.250Z` → `2026-11-24T08:15:30Z`: the precision that hooks and APIs share. */
export const toTheSecond = (iso: string): string => `${iso.slice(0, 19)}Z`;
