import { factByJobs } from '@stellwerk/contracts';
import { atTime, FlowIndex, type EventContext, type Flow, type FlowMatch } from '@stellwerk/flows';
import { notPlayedIn, type NotPlayed } from './not-played.js';
import { differencesOf, previewOf, type Difference, type Surroundings } from './preview.js';

/** One run that would be another. */
export interface Change {
  flow: string;
  /** `starts`: only with the changed flows · `vanishes`: only with those in force · `differs`: with both, otherwise. */
  change: 'starts' | 'vanishes' | 'differs';
  /** Id of the event. */
  event: string;
  differences: Difference[];
}

/** What became of a flow over all events. */
export interface FlowResult {
  flow: string;
  same: number;
  starts: number;
  vanishes: number;
  differs: number;
}

/** Stored events against two sets of flows. Pure: nothing is triggered, stored or told. */
export class Backtest {
  readonly #before: FlowIndex;
  readonly #after: FlowIndex;
  /** Flow and fact: a fact starts a flow once, whoever tells it how often. */
  readonly #judged = new Set<string>();
  readonly #results = new Map<string, FlowResult>();
  readonly changes: Change[] = [];
  /** By flow. */
  readonly notPlayed: readonly NotPlayed[];
  events = 0;

  constructor(before: readonly Flow[], after: readonly Flow[], private readonly around: Surroundings) {
    this.#before = new FlowIndex(before);
    this.#after = new FlowIndex(after);
    this.notPlayed = notPlayedIn(before, after);
  }

  add(event: EventContext): void {
    this.events += 1;
    const [before, after] = atTime(new Date(event.occurredAt), () => [this.#before.find(event).starts, this.#after.find(event).starts] as const);
    if (before.length === 0 && after.length === 0) return;
    const [byNameBefore, byNameAfter] = [byName(before), byName(after)];
    for (const flow of new Set([...byNameBefore.keys(), ...byNameAfter.keys()])) this.#judge(flow, event, byNameBefore.get(flow), byNameAfter.get(flow));
  }

  /** Flows that anything would have started, by name. */
  get results(): FlowResult[] {
    return [...this.#results.values()].sort((a, b) => (a.flow < b.flow ? -1 : 1));
  }

  #judge(flow: string, event: EventContext, before: FlowMatch | undefined, after: FlowMatch | undefined): void {
    const keys = [event.fact, factByJobs(event)].filter((fact) => fact !== undefined).map((fact) => `${flow}\n${fact}`);
    if (keys.some((key) => this.#judged.has(key))) return;
    const change = this.#changeOf(flow, event, before, after);
    const verdict = change?.change ?? 'same';
    for (const key of keys) this.#judged.add(key);
    const result = this.#results.get(flow) ?? { flow, same: 0, starts: 0, vanishes: 0, differs: 0 };
    result[verdict] += 1;
    this.#results.set(flow, result);
    if (change) this.changes.push(change);
  }

  #changeOf(flow: string, event: EventContext, before: FlowMatch | undefined, after: FlowMatch | undefined): Change | undefined {
    const preview = (match: FlowMatch | undefined) => (match ? previewOf(match, event, this.around) : {});
    if (before && after && before.flow.revision === after.flow.revision) return undefined;
    const differences = differencesOf(preview(before), preview(after));
    if (before && after) return differences.length === 0 ? undefined : { flow, change: 'differs', event: event.id, differences };
    return { flow, change: after ? 'starts' : 'vanishes', event: event.id, differences };
  }
}

const byName = (matches: readonly FlowMatch[]): Map<string, FlowMatch> => new Map(matches.map((match) => [match.flow.name, match]));
