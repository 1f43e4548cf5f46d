import { parseDuration } from '../duration.js';
import { itemsAt, mapOf, type ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const LONGEST_PAUSE = '5m';

/** Times that each make sense, but not together. What is no duration the schema has found. */
export const checkTimes = (source: ResourceSource): void => {
  const limit = msOf(source.spec.timeout) ?? DAY_MS;
  const written = source.spec.timeout === undefined ? '24h, its default' : String(source.spec.timeout);
  for (const [name, value] of Object.entries(mapOf(source.spec.steps))) {
    const { timeout, wait, retry, rollback } = mapOf(value);
    const path = ['spec', 'steps', name];
    for (const { time, place } of [{ time: timeout, place: [...path, 'timeout'] }, { time: wait, place: [...path, 'wait'] }, { time: mapOf(wait).within, place: [...path, 'wait', 'within'] }]) {
      if ((msOf(time) ?? 0) > limit) source.warn(place, `it is longer than the timeout of the flow (${written}), which ends the run before`);
    }
    checkRetry(source, mapOf(retry), [...path, 'retry']);
    checkRetry(source, mapOf(mapOf(rollback).retry), [...path, 'rollback', 'retry']);
  }
  for (const { item, path } of itemsAt(source.spec.on, ['spec', 'on'])) {
    const ms = msOf(mapOf(item).for);
    if (ms !== undefined && ms > 0 && ms < MINUTE_MS) source.warn([...path, 'for'], 'an event is on its way for seconds, and one that is told late is not absent: expected a minute or more');
  }
};

const checkRetry = (source: ResourceSource, { attempts, backoff, max }: Record<string, unknown>, path: Path): void => {
  if (attempts === 1) source.warn([...path, 'attempts'], 'the first attempt is counted: with 1 it is never tried again');
  const longest = typeof max === 'string' ? max : LONGEST_PAUSE;
  if ((msOf(backoff) ?? 0) > (msOf(longest) ?? Infinity)) source.warn([...path, 'backoff'], `no pause is longer than "max", which is ${longest}`);
};

const msOf = (value: unknown): number | undefined => (typeof value === 'string' ? parseDuration(value) : undefined);
