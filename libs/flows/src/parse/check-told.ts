import type { KnownNames } from './known-names.js';
import { itemsAt, mapOf, textsAt, type ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

/** What people can never be told of a flow, and what they would be told twice. */
export const checkTold = (source: ResourceSource, names: KnownNames): void => {
  const never = neverTold(source, names);
  const told = new Map<string, number>();
  itemsAt(source.spec.notify, ['spec', 'notify']).forEach(({ item, path }, at) => {
    const { channel, on } = mapOf(item);
    for (const { text, path: place } of textsAt(on, [...path, 'on'])) {
      const why = never.get(text);
      if (why !== undefined) source.warn(place, `"${text}" is never told: ${why}`);
      const key = JSON.stringify([channel, text]);
      const before = told.get(key);
      if (before === undefined) told.set(key, at);
      else source.warn(place, before === at ? `"${text}" is there twice` : `channel "${String(channel)}" is told of "${text}" already, by entry ${before + 1}`);
    }
  });
  checkOnce(source, source.spec.report, ['spec', 'report']);
};

/** Moments that no run of the flow has, each with why. */
const neverTold = (source: ResourceSource, names: KnownNames): Map<string, string> => {
  const steps = Object.values(mapOf(source.spec.steps)).map(mapOf);
  const never = new Map<string, string>();
  const asks = ({ approve, environment }: Record<string, unknown>): boolean => approve !== undefined || (environment !== undefined && names.mayAsk(String(environment)));
  if (!steps.some(asks)) never.set('approval', 'no step has "approve", nor has an environment that the steps deploy to');
  if (!steps.some(({ rollback }) => rollback !== undefined)) never.set('rolled-back', 'no step has a "rollback"');
  const joins = itemsAt(source.spec.on, []).map(({ item }) => mapOf(item)).filter(({ all }) => all !== undefined);
  if (joins.length > 0 && joins.every(({ missing }) => missing === 'start' || missing === 'ignore')) never.set('missing', 'the joins say "missing: start" or "ignore"');
  return never;
};

/** Also for names of other lists: what is there twice was mostly meant to be something else. */
const checkOnce = (source: ResourceSource, value: unknown, path: Path): void => {
  const seen = new Set<string>();
  for (const { text, path: place } of textsAt(value, path)) {
    if (seen.has(text)) source.warn(place, `"${text}" is there twice: was another one meant?`);
    seen.add(text);
  }
};
