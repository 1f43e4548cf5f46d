import { parseDuration } from '../duration.js';
import { needsOf } from './check-graph.js';
import type { Needs } from './circles.js';
import { itemsAt, mapOf, type ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const LONGEST_PAUSE = '5m';

/** Times that each make sense, but not together, and those in which nothing can happen. What is no duration the schema has found. */
export const checkTimes = (source: ResourceSource): void => {
  const limit = msOf(source.spec.timeout) ?? DAY_MS;
  const written = source.spec.timeout === undefined ? '24h, its default' : String(source.spec.timeout);
  for (const [name, value] of Object.entries(mapOf(source.spec.steps))) {
    const { timeout, wait, retry, rollback, approve } = mapOf(value);
    const path = ['spec', 'steps', name];
    for (const { time, place } of [{ time: timeout, place: [...path, 'timeout'] }, { time: wait, place: [...path, 'wait'] }, { time: mapOf(wait).within, place: [...path, 'wait', 'within'] }]) {
      if ((msOf(time) ?? 0) > limit) source.warn(place, `it is longer than the timeout of the flow (${written}), which ends the run before`);
    }
    checkShort(source, timeout, [...path, 'timeout'], RUN);
    checkShort(source, mapOf(rollback).timeout, [...path, 'rollback', 'timeout'], RUN);
    checkShort(source, mapOf(wait).within, [...path, 'wait', 'within'], EVENT);
    checkShort(source, mapOf(approve).within, [...path, 'approve', 'within'], PEOPLE);
    checkRetry(source, mapOf(retry), [...path, 'retry']);
    checkRetry(source, mapOf(mapOf(rollback).retry), [...path, 'rollback', 'retry']);
  }
  for (const { item, path } of itemsAt(source.spec.on, ['spec', 'on'])) {
    checkShort(source, mapOf(item).for, [...path, 'for'], ABSENCE);
    if (mapOf(item).all !== undefined) checkShort(source, mapOf(item).within, [...path, 'within'], EVENT);
  }
  checkPauses(source, limit, written);
};

interface Shortest {
  ms: number;
  why: string;
}

const ABSENCE: Shortest = { ms: MINUTE_MS, why: 'an event is on its way for seconds, and one that is told late is not absent: expected a minute or more' };
const EVENT: Shortest = { ms: 5_000, why: 'an event is on its way for seconds: expected 5s or more' };
const RUN: Shortest = { ms: 1_000, why: 'no run ends so soon: expected a second or more' };
const CALL: Shortest = { ms: 500, why: 'no answer comes so soon: expected 500ms or more' };
const LOOK: Shortest = { ms: 1_000, why: 'platforms limit how often they are asked: expected a second or more' };
/** Also for environments. */
const PEOPLE: Shortest = { ms: MINUTE_MS, why: 'nobody decides so soon: expected a minute or more' };

const checkShort = (source: ResourceSource, time: unknown, path: Path, { ms: shortest, why }: Shortest): void => {
  const ms = msOf(time);
  if (ms !== undefined && ms > 0 && ms < shortest) source.warn(path, why);
};

/** Times of connections and environments. */
export const checkOtherTimes = (source: ResourceSource): void => {
  checkShort(source, mapOf(source.spec.approve).within, ['spec', 'approve', 'within'], PEOPLE);
  checkShort(source, mapOf(source.spec.limits).timeout, ['spec', 'limits', 'timeout'], CALL);
  checkShort(source, mapOf(source.spec.poll).every, ['spec', 'poll', 'every'], LOOK);
};

/** Pauses one after the other that each fit into the time of the flow, and together do not. */
const checkPauses = (source: ResourceSource, limit: number, written: string): void => {
  const [steps, needs] = [mapOf(source.spec.steps), needsOf(source)];
  const pauseOf = (name: string): number => msOf(mapOf(steps[name]).wait) ?? 0;
  for (const name of needs.keys()) {
    const before = longestBefore(needs, name, pauseOf);
    const own = pauseOf(name);
    if (own > 0 && own <= limit && before <= limit && before + own > limit) source.warn(['spec', 'steps', name, 'wait'], `with the waits before it, it is longer than the timeout of the flow (${written}), which ends the run before`);
  }
};

const longestBefore = (needs: Needs, name: string, pauseOf: (step: string) => number, known = new Map<string, number>()): number => {
  const found = known.get(name);
  if (found !== undefined) return found;
  known.set(name, 0); // a circle is a fault of its own
  const longest = Math.max(0, ...(needs.get(name) ?? []).map((needed) => pauseOf(needed) + longestBefore(needs, needed, pauseOf, known)));
  known.set(name, longest);
  return longest;
};

const checkRetry = (source: ResourceSource, { attempts, backoff, max }: Record<string, unknown>, path: Path): void => {
  if (attempts === 1) source.warn([...path, 'attempts'], 'the first attempt is counted: with 1 it is never tried again');
  const longest = typeof max === 'string' ? max : LONGEST_PAUSE;
  if ((msOf(backoff) ?? 0) > (msOf(longest) ?? Infinity)) source.warn([...path, 'backoff'], `no pause is longer than "max", which is ${longest}`);
};

const msOf = (value: unknown): number | undefined => (typeof value === 'string' ? parseDuration(value) : undefined);
