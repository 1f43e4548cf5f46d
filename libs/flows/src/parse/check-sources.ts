import { PLATFORM_EVENT_TYPES, toldBy } from '@stellwerk/contracts';
import { matchesGlobs } from '../matching/globs.js';
import { filterMaps } from './check-triggers.js';
import type { KnownNames } from './known-names.js';
import { textsAt, type ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

/** Events that the connections named with them can never bring. Only where all of these are named, and there. */
export const checkSources = (source: ResourceSource, names: KnownNames): void => {
  for (const { filters, path } of filterMaps(source)) {
    const from = textsAt(filters.from, [...path, 'from']);
    if (from.length === 0 || from.some(({ text }) => !names.has('Connection', text))) continue;
    const events = textsAt(filters.event, [...path, 'event']);
    const untold = checkTypes(source, events, from.map(({ text }) => text), names);
    if (!untold) checkDeaf(source, events.map(({ text }) => text), from, names);
  }
};

type Placed = { text: string; path: Path }[];

/** True where something was found. */
const checkTypes = (source: ResourceSource, events: Placed, from: readonly string[], names: KnownNames): boolean => {
  const platforms = [...new Set(from.flatMap((connection) => names.platformOf(connection) ?? []))];
  if (platforms.length === 0) return false;
  const told = new Set(platforms.flatMap((platform) => toldBy(platform)));
  const never = events.filter(({ text }) => !text.startsWith('!') && typesOf([text]).length > 0 && !typesOf([text]).some((type) => told.has(type)));
  for (const { text, path } of never) source.warn(path, `${platforms.join(' and ')} never ${platforms.length === 1 ? 'tells' : 'tell'} "${text}": expected ${told.size < 5 ? [...told].join(', ') : 'another type'}, or another connection in "from"`);
  return never.length > 0;
};

const typesOf = (patterns: readonly string[]) => PLATFORM_EVENT_TYPES.filter((type) => matchesGlobs(type, [...patterns]));

/** Without a secret a connection takes no hooks. Runs are also found by looking, where a platform can be asked. */
const checkDeaf = (source: ResourceSource, events: readonly string[], from: Placed, names: KnownNames): void => {
  const mayBeFound = (connection: string): boolean => names.platformOf(connection) !== 'webhook' && (events.length === 0 || typesOf(events).some((type) => type.startsWith('pipelinerun.')));
  if (from.some(({ text }) => names.takesHooks(text) || mayBeFound(text))) return;
  for (const { text, path } of from) source.warn(path, `connection "${text}" takes no hooks, so no such event ever comes: expected webhook: { secrets: […] } there`);
};
