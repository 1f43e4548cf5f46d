import type { EventContext, OrderedRun, Resolved } from '@stellwerk/flows';
import { orderOf } from './people.js';
import type { Places } from './places.js';
import type { SimulatedRun } from './simulated-run.js';

/** The runs of one test, in the order of their start. After each move the places that came free go to those whose turn it is. All throw CannotSimulate. */
export class Runs {
  readonly all: SimulatedRun[] = [];

  constructor(private readonly places: Places) {}

  add(run: SimulatedRun): void {
    this.all.push(run);
    this.#settle();
  }

  hear(event: EventContext): void {
    for (const run of this.all) run.hear(event);
    this.#settle();
  }

  strike(run: SimulatedRun, at: number): void {
    run.strike(at);
    this.#settle();
  }

  /** Gives why it is refused. */
  order(run: SimulatedRun, ordered: OrderedRun | Resolved, at: number): string | undefined {
    const refusal = run.order(orderOf(ordered), at);
    this.#settle();
    return refusal;
  }

  /** The last one of the flow; who settles an UNKNOWN means the last one that has it: newer runs may wait behind that one. */
  meantBy(ordered: OrderedRun | Resolved): SimulatedRun | undefined {
    const runs = this.all.filter(({ flow }) => flow.name === ordered.flow);
    return ('resolve' in ordered ? runs.findLast((run) => run.isUnknown(ordered.resolve.step)) : undefined) ?? runs.at(-1);
  }

  /** Also carries out what `when-full` says. */
  #settle(): void {
    const runs = new Map(this.all.map((run) => [run.record.id, run]));
    const next = () => this.places.nextMoves((id) => runs.get(id)!.record.state);
    for (let moves = next(); moves; moves = next()) for (const [id, news] of moves) runs.get(id)!.take(news);
  }
}
