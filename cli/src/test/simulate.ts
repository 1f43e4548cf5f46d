import { factByJobs, runId } from '@stellwerk/contracts';
import { matchTriggers, startRun, type EventContext, type Flow, type FlowTest, type ResourceSet, type Trigger } from '@stellwerk/flows';
import { Answers } from './answers.js';
import { Ledger } from './ledger.js';
import { SimulatedRun, factsOf, type Surroundings } from './simulated-run.js';
import { toldEvents, type Recording } from './told-events.js';
import { CannotSimulate } from './cannot-simulate.js';

const A_MONDAY = '2026-01-05T12:00:00Z';

export interface Simulated {
  events: EventContext[];
  runs: SimulatedRun[];
  answers: Answers;
}

/** Tells a test's events one after the other and lets each run that starts come to its end. Throws CannotSimulate. */
export const simulate = (test: FlowTest, resources: ResourceSet, recordings: ReadonlyMap<number, Recording>): Simulated => {
  const clock = { now: new Date(test.spec.at ?? A_MONDAY) };
  const common = { answers: new Answers(test), ledger: new Ledger(test, clock.now), clock, environments: resources.environments };
  const simulated: Simulated = { events: [], runs: [], answers: common.answers };
  const once = new Set<string>();
  test.spec.events.forEach((_, at) => {
    for (const event of toldEvents(test, at, { resources, now: clock.now, recording: recordings.get(at) })) {
      simulated.events.push(event);
      simulated.runs.push(...startedBy(event, resources, once, { ...common, event: at }));
    }
  });
  return simulated;
};

const startedBy = (event: EventContext, resources: ResourceSet, once: Set<string>, around: Surroundings): SimulatedRun[] =>
  Object.values(resources.flows).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((flow) => {
    const match = matchTriggers(flow, event);
    if (!('trigger' in match) || !isFirst(flow, event, once)) return [];
    const run = begin(flow, match.trigger, event, resources, around);
    run.drive();
    return [run];
  });

/** As in the router: a flow starts once for a fact, and once for the end of the same jobs. */
const isFirst = (flow: Flow, event: EventContext, once: Set<string>): boolean => {
  const facts = [event.fact, factByJobs(event)].filter((fact) => fact !== undefined).map((fact) => JSON.stringify([flow.name, fact]));
  const first = !facts.some((fact) => once.has(fact));
  for (const fact of facts) once.add(fact);
  return first;
};

const begin = (flow: Flow, trigger: Trigger, event: EventContext, resources: ResourceSet, around: Surroundings): SimulatedRun => {
  if (readsClock(flow)) throw new CannotSimulate(`flow ${flow.name} calls now(), which gives the time of this machine`);
  const id = runId(flow.name, trigger.index, event.fact);
  const connections = Object.fromEntries(Object.values(resources.connections).map(({ name, platform }) => [name, platform]));
  const plan = startRun({ id, flow, trigger, event, connections, reportTo: [], chain: { links: 0, flows: [] } }, factsOf(around, id));
  return new SimulatedRun(flow, plan, around);
};

const readsClock = ({ on, env, steps }: Flow): boolean => /\bnow\s*\(\s*\)/.test(JSON.stringify([on, env, steps]));
