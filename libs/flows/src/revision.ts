import { createHash } from 'node:crypto';

const HEX_DIGITS = 12;

/** A hash of JSON content: the order of keys, comments and layout of the file it came from do not change it. */
export const revisionOf = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(sorted(content)) ?? '').digest('hex').slice(0, HEX_DIGITS);

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, item]) => [key, sorted(item)]);
};
