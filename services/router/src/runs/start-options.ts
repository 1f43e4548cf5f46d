import type { Platform } from '@stellwerk/contracts';
import type { EventContext, Flow, ReportTarget, ResourceSet } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';

/** Platforms of the connections that the flow's steps name. */
export const connectionsOf = (flow: Flow, resources: ResourceSet): Record<string, Platform> => {
  const names = flow.steps.flatMap(({ uses, rollback }) => [uses, rollback?.uses].flatMap((use) => use?.connection ?? []));
  return Object.fromEntries(names.flatMap((name) => {
    const connection = resources.connections[name];
    return connection ? [[name, connection.platform]] : [];
  }));
};

/** Without credentials nothing can be said there; then it is no default. */
const whereTheyCameFrom = (events: readonly EventContext[], resources: ResourceSet): string[] =>
  [...new Set(events.flatMap(({ connection }) => (connection !== undefined && resources.connections[connection]?.auth ? [connection] : [])))];

/** Connections that get the commit status: those the flow names, else where the events came from; only platforms that have one. */
export const reportTargets = (flow: Flow, events: readonly EventContext[], resources: ResourceSet): ReportTarget[] =>
  (flow.report ?? whereTheyCameFrom(events, resources)).flatMap((name) => {
    const platform = resources.connections[name]?.platform;
    return platform && actionCatalog[platform].some((action) => action.name === 'set-status') ? [{ connection: name, platform }] : [];
  });
