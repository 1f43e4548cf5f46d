import { isRecord } from './read.js';

const DROPPED = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_DEPTH = 20;
const MAX_ITEMS = 1_000;
const MAX_TEXT = 16_384;
/** An event must fit a message of the broker (1 MB) with room for the rest of it. */
const MAX_JSON_BYTES = 512 * 1_024;

const copyText = (value: string): string => value.slice(0, MAX_TEXT).toWellFormed().replaceAll('\u0000', '');

const copyRecord = (value: Record<string, unknown>, depth: number): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !DROPPED.has(key))
      .slice(0, MAX_ITEMS)
      .map(([key, item]) => [copyText(key), copy(item, depth + 1)]),
  );

const copy = (value: unknown, depth: number): unknown => {
  if (typeof value === 'string') return copyText(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => copy(item, depth + 1));
  return isRecord(value) ? copyRecord(value, depth) : null;
};

/**
 * A sender's free JSON as a new object: keys that reach prototypes dropped, depth, lengths and texts capped.
 * Undefined when it is no object, or still larger than an event may be.
 */
export const safeCopy = (value: unknown): Record<string, unknown> | undefined => {
  if (!isRecord(value)) return undefined;
  const copied = copyRecord(value, 0);
  return Buffer.byteLength(JSON.stringify(copied)) <= MAX_JSON_BYTES ? copied : undefined;
};
