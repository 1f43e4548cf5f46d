import { Injectable } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import type { Queryable } from '@stellwerk/database';
import { inputsOfMoves, settleSlot, type SlotMoves, type SlotName } from '@stellwerk/flows';
import { failpoint } from '@stellwerk/service-kit';
import { MoveRun } from '../runs/move-run.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { StoreWork, type Stored } from '../work/store-work.js';
import { WorkingSet } from '../work/working-set.js';
import { withLimits } from './limits-in-force.js';
import { LINE, SlotsRepository } from './slots.repository.js';

export interface Settled {
  stored: Stored;
  /** A run that was to move is in another transaction's hands, or the line goes on behind those that were seen: the slot is to be looked at again. */
  isOpen: boolean;
}

/** Gives the places of one slot to those whose turn it is, and carries out what `when-full` says, in one transaction. */
@Injectable()
export class PlanSlot {
  constructor(
    private readonly slots: SlotsRepository,
    private readonly runs: RunsRepository,
    private readonly move: MoveRun,
    private readonly store: StoreWork,
    private readonly resources: Resources,
  ) {}

  /** The slot's lock first, then the runs, of which it waits for none: so it never waits while it holds anything. */
  async run(tx: Queryable, slot: SlotName): Promise<Settled> {
    const [, rows] = await Promise.all([this.slots.lock(tx, slot), this.slots.places(tx, [slot])]);
    const places = withLimits(rows, this.resources.current());
    const moves = settleSlot(places);
    const inputs = inputsOfMoves(moves, places);
    const set = new WorkingSet(tx);
    set.slots.load(slot, places);
    set.runs.load(await this.runs.lockFree(tx, [...inputs.keys()]));
    for (const [run, list] of inputs) await this.move.run(set, run, list, { id: `${run}:slot` });
    noteDisplaced(set, moves);
    const stored = await this.store.run(tx, set);
    failpoint('router.slot-before-commit');
    return { stored, isOpen: moves.give.length >= LINE || movers(moves).some((run) => !set.runs.get(run)) };
  }
}

const movers = ({ give, drop, replace, cancel }: SlotMoves): string[] =>
  [...give, ...drop, ...replace.map(({ place }) => place), ...cancel.map(({ place }) => place)].map(({ run }) => run);

/** Once told is enough, also for a run that is ending for another reason. One that ended at once has given its place back already. */
const noteDisplaced = (set: WorkingSet, { cancel }: SlotMoves): void => {
  for (const { place } of cancel) {
    const isThere = set.slots.places(place)?.some(({ run, step }) => run === place.run && step === place.step);
    if (set.runs.get(place.run) && isThere) set.slots.put({ ...place, displaced: true });
  }
};
