import { Injectable } from '@nestjs/common';
import { answerAsks, openAsks, type Plan, type SlotAnswers, type SlotName } from '@stellwerk/flows';
import { sleep } from '@stellwerk/service-kit';
import type { WorkingSet } from '../work/working-set.js';
import { SlotsRepository } from './slots.repository.js';

/** Transactions are short, so a slot that another one has its hand on is looked at again; then whoever asks waits in its line. */
const LOOKS = 4;
const PAUSE_MS = 10;

/** Lets a plan ask for places in slots: it is made, its questions are answered, and it is made again with the answers. */
@Injectable()
export class AskSlots {
  constructor(private readonly slots: SlotsRepository) {}

  async plan(set: WorkingSet, make: (answers: SlotAnswers) => Plan): Promise<Plan> {
    let answers: SlotAnswers = {};
    for (;;) {
      const plan = make(answers);
      const asks = openAsks(plan, answers);
      if (asks.length === 0) return plan;
      for (const ask of asks) await this.#look(set, ask);
      answers = answerAsks(plan, answers, (slot) => set.slots.places(slot));
    }
  }

  /** The lock is only tried: whoever asks holds runs, and a slot's lock is waited for before runs are locked. So nobody waits in a circle. */
  async #look(set: WorkingSet, slot: SlotName): Promise<void> {
    for (let look = 1; look <= LOOKS && !set.slots.has(slot); look += 1) {
      if (look > 1) await sleep(PAUSE_MS);
      const places = await this.slots.tryLock(set.tx, slot);
      if (places) set.slots.load(slot, places);
    }
    if (!set.slots.has(slot)) set.slots.unseen(slot);
  }
}
