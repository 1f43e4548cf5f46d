import { runId } from '@stellwerk/contracts';
import { startRun, type ResourceSet } from '@stellwerk/flows';
import { factsOf, SimulatedRun, type Surroundings } from './simulated-run.js';
import type { Start } from './starts.js';

/** Starts a run and lets it come to its end, or to where somebody is awaited. Throws CannotSimulate. */
export const beginRun = ({ match: { flow, trigger }, event, joined, inputs }: Start, resources: ResourceSet, around: Surroundings): SimulatedRun => {
  const id = runId(flow.name, trigger.index, joined?.fact ?? event.fact);
  const connections = Object.fromEntries(Object.values(resources.connections).map(({ name, platform }) => [name, platform]));
  const plan = startRun({ id, flow, trigger, event, events: joined?.events, cause: joined?.fact, inputs, connections, reportTo: [], chain: { links: 0, flows: [] } }, factsOf(around, id));
  const run = new SimulatedRun(flow, plan, around);
  run.drive();
  return run;
};
