import { PLATFORM_EVENT_TYPES, type PlatformEventType } from '@stellwerk/contracts';
import type { Filters, Flow, ResourceSet, Trigger } from '../model.js';
import { eventWaits } from './awaited.js';
import { exactPatterns, matchesGlobs } from './globs.js';

/** Filters of the events that a trigger hears: its own, those of its parts, or of what should not stay away. */
const heardBy = (trigger: Trigger): Filters[] => {
  if (trigger.all) return trigger.all.parts.map(({ filters }) => filters);
  if (trigger.absent) return [trigger.absent.of];
  return trigger.schedule ? [] : [trigger];
};

/** Filters of triggers that hear the connection, and of what steps wait for there. */
const filtersOn = (flows: ResourceSet['flows'], connection: string): Filters[] =>
  Object.values(flows).flatMap((flow) => [...flow.on.flatMap(heardBy), ...eventWaits(flow).map(({ wait }) => wait.on)])
    .filter(({ from }) => from === undefined || matchesGlobs(connection, from));

/** A run that a step starts and waits for is told by these, whatever triggers say. */
const TOLD_OF_RUNS: readonly PlatformEventType[] = ['pipelinerun.started', 'pipelinerun.finished'];

const usedBy = ({ steps }: Flow, connection: string): boolean =>
  steps.some(({ uses, rollback }) => uses?.connection === connection || rollback?.uses.connection === connection);

/**
 * Repositories whose webhooks should lead to the connection: those that its `webhook.repositories` lists, and those that triggers which hear
 * it name without globs. Each once, as first written; names that differ by case alone are one.
 */
export const namedRepositories = ({ flows, connections }: Pick<ResourceSet, 'flows' | 'connections'>, connection: string): string[] => {
  const named = filtersOn(flows, connection).flatMap(({ repository }) => exactPatterns(repository ?? []) ?? []);
  const all = [...(connections[connection]?.webhook?.repositories ?? []), ...named];
  return [...new Map(all.reverse().map((name) => [name.toLowerCase(), name])).values()].reverse();
};

/** Types of events that flows want to hear from the connection; with a repository, from that one. In the order of the contracts. */
export const wantedEvents = (flows: ResourceSet['flows'], connection: string, repository?: string): PlatformEventType[] => {
  const hears = ({ repository: filter }: Filters): boolean => filter === undefined || repository === undefined || matchesGlobs(repository, filter);
  const patterns = filtersOn(flows, connection).filter(hears).flatMap(({ event }) => event);
  const ofRuns = Object.values(flows).some((flow) => usedBy(flow, connection)) ? TOLD_OF_RUNS : [];
  return PLATFORM_EVENT_TYPES.filter((type) => ofRuns.includes(type) || matchesGlobs(type, patterns));
};
