import { runId } from '@stellwerk/contracts';
import { startRun, type Flow, type ResourceSet } from '@stellwerk/flows';
import { CannotSimulate } from './cannot-simulate.js';
import { factsOf, SimulatedRun, type Surroundings } from './simulated-run.js';
import type { Start } from './starts.js';

/** Starts a run and lets it come to its end, or to where somebody is awaited. Throws CannotSimulate. */
export const beginRun = ({ match: { flow, trigger }, event, joined, inputs }: Start, resources: ResourceSet, around: Surroundings): SimulatedRun => {
  if (readsClock(flow)) throw new CannotSimulate(`flow ${flow.name} calls now(), which gives the time of this machine`);
  const id = runId(flow.name, trigger.index, joined?.fact ?? event.fact);
  const connections = Object.fromEntries(Object.values(resources.connections).map(({ name, platform }) => [name, platform]));
  const plan = startRun({ id, flow, trigger, event, events: joined?.events, cause: joined?.fact, inputs, connections, reportTo: [], chain: { links: 0, flows: [] } }, factsOf(around, id));
  const run = new SimulatedRun(flow, plan, around);
  run.drive();
  return run;
};

const readsClock = ({ on, env, steps }: Flow): boolean => /\bnow\s*\(\s*\)/.test(JSON.stringify([on, env, steps]));
