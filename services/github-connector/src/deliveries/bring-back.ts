import { Injectable } from '@nestjs/common';
import type { SweepTurn } from '@stellwerk/connector-kit';
import type { At } from '../hooks/hooks.client.js';
import { TellByLists } from '../run-lists/tell-by-lists.js';
import { AskAgain } from './ask-again.js';
import type { DeliveryCursor } from './delivery-cursor.js';
import type { MissedCounts, SourceKey } from './missed.repository.js';

export interface BroughtBack {
  /** Some were asked for: whether they arrive shows soon. */
  asked: boolean;
  /** False: there was more to do than the turn had time for. */
  whole: boolean;
  /** For people. */
  note?: string;
}

/** Two ways back for what did not arrive: many events of runs by lists of runs, all else one by one. */
@Injectable()
export class BringBack {
  constructor(
    private readonly lists: TellByLists,
    private readonly ask: AskAgain,
  ) {}

  /** @throws Refused, call errors, SweepTaken */
  async run(turn: SweepTurn<DeliveryCursor>, at: At, cursor: Partial<DeliveryCursor>): Promise<BroughtBack> {
    const { whole, soon, refused } = await this.lists.run({ turn, cursor }, at);
    // What flows wait for goes first, and the calls that others would take are not to be had twice.
    const asked = soon ? 0 : await this.ask.run(turn, at, cursor);
    return { asked: asked > 0, whole, note: refused === undefined ? undefined : `lists of runs cannot be read, so that each is asked for by itself (${refused})` };
  }

  /** Where nothing arrives and no ping can be had: one delivery is tried. */
  async tryOne(turn: SweepTurn<DeliveryCursor>, at: At, cursor: Partial<DeliveryCursor>): Promise<void> {
    await this.ask.run(turn, at, cursor, { tryOne: true });
  }

  settle(key: SourceKey): Promise<MissedCounts> {
    return this.ask.settle(key);
  }
}
