import { Pace, SweepTaken, type SweepTurn } from '@stellwerk/connector-kit';
import type { DeliveryCursor } from '../deliveries/delivery-cursor.js';

/** 900 points a minute and endpoint, of which a read costs one; a little less, as clocks differ. */
const GAP_MS = 70;

/** The turn was over before the work was, which goes on in the next one. */
export class TurnOver extends Error {
  constructor() {
    super('the turn of this sweep is over');
    this.name = 'TurnOver';
  }
}

export interface ListWork {
  turn: SweepTurn<DeliveryCursor>;
  cursor: Partial<DeliveryCursor>;
}

/**
 * Reads of one piece of work, within the share of the quota and GitHub's other limits. What was read is known until the work is done: work that is longer
 * than a turn goes on with the calls that it still needs, however few a turn has room for. A process that dies reads again.
 */
export class PacedReads {
  readonly #known = new Map<string, unknown>();
  readonly #pace = new Pace(() => GAP_MS);

  /** @throws TurnOver, SweepTaken, whatever `read` throws */
  async once<T>({ turn, cursor }: ListWork, key: string, read: () => Promise<T>): Promise<T> {
    if (!this.#known.has(key)) {
      if (!(await turn.keep(cursor))) throw new SweepTaken();
      if (!(await turn.pace.wait(turn)) || (turn.calls.quota && !(await this.#pace.wait(turn)))) throw new TurnOver();
      this.#known.set(key, await read());
    }
    return this.#known.get(key) as T;
  }

  /** That piece of work is done. */
  forget(): void {
    this.#known.clear();
  }
}
