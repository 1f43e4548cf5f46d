import type { ClockGoesOn, EventContext, FlowTest, OrderedRun, Resolved, ResourceSet, StartedByHand } from '@stellwerk/flows';
import { Answers } from './answers.js';
import { beginRun } from './begin-run.js';
import { CannotSimulate } from './cannot-simulate.js';
import { Followed } from './followed.js';
import type { ToldMissing } from './joins.js';
import { Ledger } from './ledger.js';
import { Places } from './places.js';
import { Runs } from './runs.js';
import type { SimulatedRun } from './simulated-run.js';
import { Starts, type Start } from './starts.js';
import type { Surroundings } from './surroundings.js';
import { toldEvents, type Recording } from './told-events.js';

const A_MONDAY = '2026-01-05T12:00:00Z';

/** More than anybody looks through: a clock that goes on for a year beside a schedule of every minute. */
const MOST_RUNS = 1_000;

/** An event, and the time of the test when it was told: `now()` of the conditions that it met. */
export interface ToldEvent {
  event: EventContext;
  at: Date;
}

export interface Simulated {
  events: ToldEvent[];
  runs: SimulatedRun[];
  answers: Answers;
  missing: readonly ToldMissing[];
}

/**
 * Lets happen what a test says, one after the other, and lets each run that starts come to its end; then the rounds of joins that are open.
 * What an order comes to that is otherwise than expected is reported. Throws CannotSimulate.
 */
export const simulate = (test: FlowTest, resources: ResourceSet, recordings: ReadonlyMap<number, Recording>): Simulated => {
  const world = new World(test, inForce(test, resources), recordings);
  test.spec.events.forEach((_, at) => world.happen(at));
  world.endJoins();
  return world.simulated;
};

/** Without the flows that the test leaves out. */
const inForce = ({ spec }: FlowTest, resources: ResourceSet): ResourceSet => {
  const { flows: names } = spec;
  return names ? { ...resources, flows: Object.fromEntries(Object.entries(resources.flows).filter(([name]) => names.includes(name))) } : resources;
};

interface Due {
  due: Date;
  strike: () => void;
}

class World {
  readonly simulated: Simulated;
  readonly #clock: { now: Date };
  readonly #common: Omit<Surroundings, 'from'>;
  readonly #starts: Starts;
  readonly #runs: Runs;

  constructor(private readonly test: FlowTest, private readonly resources: ResourceSet, private readonly recordings: ReadonlyMap<number, Recording>) {
    this.#clock = { now: new Date(test.spec.at ?? A_MONDAY) };
    this.#starts = new Starts(resources.flows, this.#clock.now);
    const places = new Places();
    this.#runs = new Runs(places);
    this.simulated = { events: [], runs: this.#runs.all, answers: new Answers(test), missing: this.#starts.missing };
    this.#common = { answers: this.simulated.answers, ledger: new Ledger(test, this.#clock.now), places, clock: this.#clock, environments: resources.environments };
  }

  happen(at: number): void {
    const event = this.test.spec.events[at]!;
    if ('clock' in event) return this.#goOn(event, at);
    this.#play(this.#starts.over(this.#clock.now), at);
    if ('start' in event) this.#startByHand(event, at);
    else if ('order' in event || 'resolve' in event) this.#order(event, at);
    else this.#tell(at);
  }

  /** Those that are open go on to their end. */
  endJoins(): void {
    for (let end = this.#starts.nextEnd; end; end = this.#starts.nextEnd) this.#overAt(end, this.test.spec.events.length - 1);
  }

  #tell(at: number): void {
    for (const event of toldEvents(this.test, at, { resources: this.resources, now: this.#clock.now, recording: this.recordings.get(at) })) {
      this.simulated.events.push({ event, at: this.#clock.now });
      this.#runs.hear(event);
      this.#play(this.#starts.by(event, this.#clock.now), at);
    }
  }

  #startByHand(order: StartedByHand, at: number): void {
    const { faults, starts } = this.#starts.byHand(order, at + 1, this.#clock.now);
    if (order.refused !== undefined || faults.length === 0) this.#taken(order, at, faults.length === 0 ? undefined : faults.map(({ detail }) => detail).join('; '));
    else for (const { input, detail } of faults) this.test.report(['events', at, 'inputs', input], `the order is refused: ${detail}`);
    this.#play(starts, at);
  }

  #order(ordered: OrderedRun | Resolved, at: number): void {
    const { flow, refused } = ordered;
    const run = this.#runs.meantBy(ordered);
    if (!run) return this.test.report(['events', at, 'flow'], `there is no run of flow ${flow} yet: expected an order about one that has started before`);
    this.#taken({ refused }, at, this.#runs.order(run, ordered, at));
  }

  /** `refusal`: undefined when the order was taken. */
  #taken({ refused }: { refused?: string }, at: number, refusal: string | undefined): void {
    if (refused === undefined && refusal !== undefined) this.test.report(['events', at], `the order is refused: ${refusal}`);
    if (refused !== undefined && !refusal?.includes(refused)) {
      this.test.report(['events', at, 'refused'], `expected a refusal with ${JSON.stringify(refused)} in it, ${refusal === undefined ? 'but the order was taken' : `got ${JSON.stringify(refusal)}`}`);
    }
  }

  /** Lets time go by, and strike whatever is due, the first one first. */
  #goOn({ clock }: ClockGoesOn, at: number): void {
    const { now } = this.#clock;
    const until = typeof clock === 'number' ? new Date(now.getTime() + clock) : new Date(clock);
    if (until < now) return this.test.report(['events', at, 'clock'], `expected a time to come: it is ${now.toISOString()} already`);
    this.#starts.clocks.skipTo(now);
    for (let next = this.#next(at); next && next.due <= until; next = this.#next(at)) next.strike();
    if (until > this.#clock.now) this.#clock.now = until;
  }

  /** What strikes first: of two at one moment runs that are under way, then joins, then what starts by the clock. */
  #next(at: number): Due | undefined {
    const { clocks, nextEnd } = this.#starts;
    let first: Due | undefined;
    const offer = (due: Date | undefined, strike: () => void): void => {
      if (due && (!first || due < first.due)) first = { due, strike };
    };
    for (const run of this.simulated.runs) offer(run.nextDue, () => this.#runs.strike(run, at));
    offer(nextEnd, () => this.#overAt(nextEnd!, at));
    offer(clocks.next, () => this.#struckAt(clocks.next!, at));
    return first;
  }

  #overAt(end: Date, at: number): void {
    this.#setTo(end);
    this.#play(this.#starts.over(this.#clock.now), at);
  }

  #struckAt(due: Date, at: number): void {
    this.#setTo(due);
    this.#play(this.#starts.clocks.strike(), at);
  }

  #setTo(time: Date): void {
    if (time > this.#clock.now) this.#clock.now = time;
  }

  #play(starts: readonly Start[], at: number): void {
    for (const start of starts) {
      if (this.#runs.all.length >= MOST_RUNS) throw new CannotSimulate(`more than ${MOST_RUNS} runs: expected a shorter time, or fewer flows in force ("flows" of the test)`);
      this.#runs.add(beginRun(start, this.resources, { ...this.#common, from: new Followed(at) }));
    }
  }
}
