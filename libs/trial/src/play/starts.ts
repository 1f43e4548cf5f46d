import { factByJobs, requestId } from '@stellwerk/contracts';
import { atTime, FlowIndex, readInputs, runRequested, STARTED_BY_HAND, type EventContext, type Flow, type FlowMatch, type InputFault, type JoinCause, type ResourceSet, type StartedByHand } from '@stellwerk/flows';
import { Clocks } from './clocks.js';
import { Joins, type JoinStart, type ToldMissing } from './joins.js';

/** What starts a run. */
export interface Start {
  match: FlowMatch;
  event: EventContext;
  joined?: JoinCause;
  inputs?: Record<string, unknown>;
}

/** Which runs start, as in the router. */
export class Starts {
  readonly #index: FlowIndex;
  readonly #joins = new Joins();
  readonly #clocks: Clocks;
  readonly #once = new Set<string>();

  constructor(private readonly flows: ResourceSet['flows'], now: Date) {
    this.#index = new FlowIndex(Object.values(flows));
    this.#clocks = new Clocks(Object.values(flows), now);
  }

  by(event: EventContext, now: Date): Start[] {
    const { starts, parts, absences } = atTime(now, () => this.#index.find(event));
    this.#clocks.saw(event, absences, now);
    return [
      ...starts.filter(({ flow }) => isFirst(flow, event, this.#once)).map((match) => ({ match, event })),
      ...parts.flatMap((part) => this.#joins.take(part, event, now)).map(ofJoin),
    ];
  }

  /** By a person, whose order is refused where the inputs have faults. `number`: of the order in the test. */
  byHand({ start, inputs, by }: StartedByHand, number: number, now: Date): { faults: InputFault[]; starts: Start[] } {
    const flow = this.flows[start]!;
    const { faults } = readInputs(flow.inputs, inputs);
    const id = requestId(start, `test-${number}`);
    const event = runRequested({ id, fact: id }, { by, occurredAt: now.toISOString() });
    return { faults, starts: faults.length > 0 ? [] : [{ match: { flow, trigger: STARTED_BY_HAND }, event, inputs }] };
  }

  /** Of rounds of joins whose time is over. */
  over(now: Date): Start[] {
    return this.#joins.close(now).map(ofJoin);
  }

  /** What people were told is missing. */
  get missing(): readonly ToldMissing[] {
    return this.#joins.told;
  }

  get nextEnd(): Date | undefined {
    return this.#joins.nextEnd;
  }

  get clocks(): Pick<Clocks, 'next' | 'strike' | 'skipTo'> {
    return this.#clocks;
  }
}

const ofJoin = ({ match, joined }: JoinStart): Start => ({ match, event: joined.event, joined });

/** What a flow starts once for: the fact, and the end of the same jobs. */
export const factsOf = (event: EventContext): string[] => [event.fact, factByJobs(event)].filter((fact) => fact !== undefined);

/** As in the router. */
const isFirst = (flow: Flow, event: EventContext, once: Set<string>): boolean => {
  const facts = factsOf(event).map((fact) => JSON.stringify([flow.name, fact]));
  const first = !facts.some((fact) => once.has(fact));
  for (const fact of facts) once.add(fact);
  return first;
};
