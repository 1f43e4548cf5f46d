import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import type { Verdict } from '../channels/index.js';
import type { Word } from '../plan/transition.js';
import type { ClaimedDelivery } from './due.repository.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { ThreadsRepository } from './threads.repository.js';

/** Of these an edit alone would not be seen: nobody is told that a message has changed. */
const MUST_SEE: readonly Word[] = ['failed', 'rolled-back', 'recovered', 'approval', 'waiting'];

/** Writes down what became of a try, in one transaction with what follows from it. */
@Injectable()
export class Settlement {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveriesRepository,
    private readonly threads: ThreadsRepository,
  ) {}

  /** False: another has taken it over meanwhile, and its outcome counts. */
  async settle(delivery: ClaimedDelivery, verdict: Verdict): Promise<boolean> {
    if (verdict.end === 'again' && verdict.gate) await this.deliveries.gate(delivery.channel, verdict.waitMs);
    return this.database.transaction(async (tx) => {
      if (!(await this.deliveries.settle(tx, delivery, verdict))) return false;
      const { id, run, channel, transition, lane, living, notice, silent } = delivery;
      // A digest shows no run: nothing will be edited in it.
      if (lane !== 'message' || transition === 'digest') return true;
      if (verdict.end === 'renew') await this.threads.drop(tx, channel, run);
      if (verdict.end !== 'delivered') return true;
      if (verdict.posted) await this.threads.keep(tx, channel, run, verdict.posted);
      if (living && !silent && MUST_SEE.includes(notice.word)) await this.deliveries.addLine(tx, id);
      return true;
    });
  }
}
