import type { Platform } from '@stellwerk/contracts';
import type { EventContext, Flow, ReportTarget, ResourceSet } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';

/** Platforms of the connections that the flow's steps name. */
export const connectionsOf = (flow: Flow, resources: ResourceSet): Record<string, Platform> => {
  const names = flow.steps.flatMap((step) => [step.uses.connection, ...(step.rollback ? [step.rollback.uses.connection] : [])]);
  return Object.fromEntries(names.flatMap((name) => {
    const connection = resources.connections[name];
    return connection ? [[name, connection.platform]] : [];
  }));
};

/** Without credentials nothing can be said there; then it is no default. */
const whereItCameFrom = (event: EventContext, resources: ResourceSet): string[] =>
  (event.connection !== undefined && resources.connections[event.connection]?.auth ? [event.connection] : []);

/** Connections that get the commit status: those the flow names, else where the event came from; only platforms that have one. */
export const reportTargets = (flow: Flow, event: EventContext, resources: ResourceSet): ReportTarget[] =>
  (flow.report ?? whereItCameFrom(event, resources)).flatMap((name) => {
    const platform = resources.connections[name]?.platform;
    return platform && actionCatalog[platform].some((action) => action.name === 'set-status') ? [{ connection: name, platform }] : [];
  });
