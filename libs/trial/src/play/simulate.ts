import { factByJobs, runId } from '@stellwerk/contracts';
import { FlowIndex, startRun, type EventContext, type Flow, type FlowMatch, type FlowTest, type JoinCause, type ResourceSet } from '@stellwerk/flows';
import { Answers } from './answers.js';
import { Joins, type JoinStart } from './joins.js';
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

/** Tells a test's events one after the other and lets each run that starts come to its end; then the rounds of joins that are open. Throws CannotSimulate. */
export const simulate = (test: FlowTest, resources: ResourceSet, recordings: ReadonlyMap<number, Recording>): Simulated => {
  const clock = { now: new Date(test.spec.at ?? A_MONDAY) };
  const common = { answers: new Answers(test), ledger: new Ledger(test, clock.now), clock, environments: resources.environments };
  const simulated: Simulated = { events: [], runs: [], answers: common.answers };
  const starts = new Starts(resources);
  const play = (some: Start[], event: number): void => void simulated.runs.push(...some.map((start) => begin(start, resources, { ...common, event })));
  test.spec.events.forEach((_, at) => {
    for (const event of toldEvents(test, at, { resources, now: clock.now, recording: recordings.get(at) })) {
      simulated.events.push(event);
      for (const run of simulated.runs) run.hear(event);
      play(starts.over(clock.now), at);
      play(starts.by(event, clock.now), at);
    }
  });
  for (let end = starts.nextEnd; end; end = starts.nextEnd) {
    if (end > clock.now) clock.now = end;
    play(starts.over(clock.now), test.spec.events.length - 1);
  }
  return simulated;
};

/** What starts a run. */
interface Start {
  match: FlowMatch;
  event: EventContext;
  joined?: JoinCause;
}

/** Which runs start, as in the router; schedules and absences are not played: no event starts them. */
class Starts {
  readonly #index: FlowIndex;
  readonly #joins = new Joins();
  readonly #once = new Set<string>();

  constructor({ flows }: ResourceSet) {
    this.#index = new FlowIndex(Object.values(flows));
  }

  by(event: EventContext, now: Date): Start[] {
    const { starts, parts } = this.#index.find(event);
    return [
      ...starts.filter(({ flow }) => isFirst(flow, event, this.#once)).map((match) => ({ match, event })),
      ...parts.flatMap((part) => this.#joins.take(part, event, now)).map(ofJoin),
    ];
  }

  /** Of rounds of joins whose time is over. */
  over(now: Date): Start[] {
    return this.#joins.close(now).map(ofJoin);
  }

  get nextEnd(): Date | undefined {
    return this.#joins.nextEnd;
  }
}

const ofJoin = ({ match, joined }: JoinStart): Start => ({ match, event: joined.event, joined });

/** As in the router: a flow starts once for a fact, and once for the end of the same jobs. */
const isFirst = (flow: Flow, event: EventContext, once: Set<string>): boolean => {
  const facts = [event.fact, factByJobs(event)].filter((fact) => fact !== undefined).map((fact) => JSON.stringify([flow.name, fact]));
  const first = !facts.some((fact) => once.has(fact));
  for (const fact of facts) once.add(fact);
  return first;
};

const begin = ({ match: { flow, trigger }, event, joined }: Start, resources: ResourceSet, around: Surroundings): SimulatedRun => {
  if (readsClock(flow)) throw new CannotSimulate(`flow ${flow.name} calls now(), which gives the time of this machine`);
  const id = runId(flow.name, trigger.index, joined?.fact ?? event.fact);
  const connections = Object.fromEntries(Object.values(resources.connections).map(({ name, platform }) => [name, platform]));
  const plan = startRun({ id, flow, trigger, event, events: joined?.events, cause: joined?.fact, connections, reportTo: [], chain: { links: 0, flows: [] } }, factsOf(around, id));
  const run = new SimulatedRun(flow, plan, around);
  run.drive();
  return run;
};

const readsClock = ({ on, env, steps }: Flow): boolean => /\bnow\s*\(\s*\)/.test(JSON.stringify([on, env, steps]));
