import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { Database } from '@stellwerk/database';
import { anyMoves, settleSlot, slotId } from '@stellwerk/flows';
import { GroupedWork, StoreAwayError, failpoint, messageOf, sleep, type GroupResult } from '@stellwerk/service-kit';
import { AfterCommit } from '../work/after-commit.js';
import { withLimits } from './limits-in-force.js';
import { PlanSlot } from './plan-slot.js';
import { SlotNews, type SlotNote } from './slot-news.js';
import { SlotsRepository } from './slots.repository.js';

const AT_ONCE = 64;
const PAUSE_MS = 50;
/** Then it is left to the sweep. */
const TRIES = 20;
/** So long a slot that failed is left alone. */
const AGAIN_MS = 30_000;

/** Looks at slots in which something has changed, and settles those where it is somebody's turn. */
@Injectable()
export class SettleSlots implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('slots');
  readonly #stop = new AbortController();
  readonly #failed = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  readonly #groups = new GroupedWork<SlotNote, void>((notes) => this.#settle(notes), { max: AT_ONCE });

  constructor(
    private readonly database: Database,
    private readonly slots: SlotsRepository,
    private readonly plan: PlanSlot,
    private readonly afterCommit: AfterCommit,
    private readonly resources: Resources,
    private readonly news: SlotNews,
  ) {}

  onApplicationBootstrap(): void {
    this.news.listen((notes) => void this.run(notes));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  /** Never rejects: a slot that fails must not hold up the others, and the sweep tries again. */
  async run(notes: readonly SlotNote[]): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const due = notes.filter((note) => (this.#failed.get(slotId(note)) ?? 0) <= Date.now());
    const work = Promise.all(due.map((note) => this.#groups.run(note).catch((error: unknown) => this.#leave(note, error)))).then(() => undefined);
    this.#running.add(work);
    await work.finally(() => this.#running.delete(work));
  }

  #leave(slot: SlotNote, error: unknown): void {
    this.#log.warn({ slot: slotId(slot), reason: messageOf(error) }, 'slot.not-settled');
    if (!(error instanceof StoreAwayError)) this.#failed.set(slotId(slot), Date.now() + AGAIN_MS);
  }

  /** One look at all of them; a transaction only for those where there is something to do. */
  async #settle(notes: readonly SlotNote[]): Promise<GroupResult<void>[]> {
    const places = Map.groupBy(withLimits(await this.slots.places(this.database, notes), this.resources.current()), slotId);
    const done = new Map<string, Promise<void>>();
    const results: GroupResult<void>[] = [];
    for (const note of notes) {
      const id = slotId(note);
      if (!done.has(id) && (note.unseen || anyMoves(settleSlot(places.get(id) ?? [])))) done.set(id, this.#one(note));
      const [result] = await Promise.allSettled([done.get(id)]);
      results.push(result as GroupResult<void>);
    }
    return results;
  }

  /** Until nobody else has a hand on what is to move. */
  async #one(note: SlotNote): Promise<void> {
    for (let isOpen = true, tries = 0; isOpen && tries < TRIES && !this.#stop.signal.aborted; tries += 1) {
      if (tries > 0) await sleep(PAUSE_MS, this.#stop.signal);
      const settled = await this.database.transaction((tx) => this.plan.run(tx, note));
      failpoint('router.slot-after-commit');
      // What cannot be published now is left to the sweep of the outbox.
      await this.afterCommit.run(settled.stored).catch((error: unknown) => this.#log.warn({ reason: messageOf(error) }, 'slot.not-published'));
      isOpen = settled.isOpen;
      this.#failed.delete(slotId(note));
    }
  }
}
