import { runId } from '@stellwerk/contracts';
import { startRun, type ResourceSet } from '@stellwerk/flows';
import { SimulatedRun } from './simulated-run.js';
import type { Start } from './starts.js';
import { factsOf, type Surroundings } from './surroundings.js';

/** Starts a run and lets it come to its end, or to where somebody is awaited. Throws CannotSimulate. */
export const beginRun = ({ match: { flow, trigger }, event, joined, inputs }: Start, resources: ResourceSet, around: Surroundings): SimulatedRun => {
  const id = runId(flow.name, trigger.index, joined?.fact ?? event.fact);
  const connections = Object.fromEntries(Object.values(resources.connections).map(({ name, platform }) => [name, platform]));
  const start = { id, flow, trigger, event, events: joined?.events, cause: joined?.fact, inputs, connections, reportTo: [], chain: { links: 0, flows: [] } };
  const plan = around.places.planned((slots) => startRun(start, factsOf(around, id, slots)));
  const run = new SimulatedRun(flow, plan, around);
  run.drive();
  return run;
};
