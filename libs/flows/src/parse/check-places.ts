import { isNeverTold, PLATFORM_EVENT_TYPES } from '@stellwerk/contracts';
import { matchesGlobs } from '../matching/globs.js';
import type { KnownNames } from './known-names.js';
import { itemsAt, mapOf, textsAt, type ResourceSource } from './resource-source.js';

/** Deployments that their environment refuses whatever starts the flow, as it takes certain branches only. */
export const checkPlaces = (source: ResourceSource, names: KnownNames): void => {
  const triggers = itemsAt(source.spec.on, []).map(({ item }) => mapOf(item));
  for (const [name, step] of Object.entries(mapOf(source.spec.steps))) {
    const { environment } = mapOf(step);
    const taken = typeof environment === 'string' ? names.branchesOf(environment) : undefined;
    if (!taken || taken.length === 0 || triggers.some((trigger) => mayFit(trigger, taken))) continue;
    source.warn(['spec', 'steps', name, 'environment'], `each deployment is refused: environment "${String(environment)}" takes only ${taken.join(', ')}, and nothing that starts the flow has such a branch`);
  }
};

/** Of a join any part may be the last one. */
const mayFit = ({ schedule, absent, all, event, branches }: Record<string, unknown>, taken: readonly string[]): boolean => {
  if (all !== undefined) return true;
  if (schedule !== undefined || absent !== undefined) return false;
  const patterns = textsAt(event, []).map(({ text }) => text);
  const types = PLATFORM_EVENT_TYPES.filter((type) => patterns.length === 0 || matchesGlobs(type, patterns));
  if (types.length === 0) return true; // a fault of its own
  const named = textsAt(branches, []).map(({ text }) => text);
  const isOpen = named.length === 0 || named.some((text) => text.includes('*') || text.startsWith('!'));
  return !isNeverTold('branch', types) && (isOpen || named.some((text) => matchesGlobs(text, [...taken])));
};
