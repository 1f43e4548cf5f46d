import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { ClocksRepository } from '../clocks/clocks.repository.js';
import { JoinsRepository } from '../joins/joins.repository.js';
import type { TriggersAtHand } from './triggers-at-hand.js';

/** Writes down what changed of joins and absences. */
@Injectable()
export class StoreTriggers {
  constructor(
    private readonly joins: JoinsRepository,
    private readonly clocks: ClocksRepository,
  ) {}

  async run(tx: Queryable, triggers: TriggersAtHand): Promise<void> {
    await Promise.all([this.joins.keep(tx, triggers.changed), this.clocks.see(tx, triggers.sightings)]);
  }
}
