import { Injectable } from '@nestjs/common';
import type { Enqueued, Queryable } from '@stellwerk/database';
import { HistoryRepository } from '../history/history.repository.js';
import { HeldEventsRepository } from '../holds/held-events.repository.js';
import { Outbox } from '../outbox/outbox.module.js';
import { CommandsRepository } from '../runs/commands.repository.js';
import { PlatformRunsRepository } from '../runs/platform-runs.repository.js';
import { RunsRepository } from '../runs/runs.repository.js';
import type { SlotNote } from '../slots/slot-news.js';
import { SlotsRepository } from '../slots/slots.repository.js';
import { StoreTimers } from '../timers/store-timers.js';
import { StoreTriggers } from './store-triggers.js';
import { StoreWaiting } from './store-waiting.js';
import type { WorkingSet } from './working-set.js';

/** What is left to do when the transaction is committed. */
export interface Stored {
  enqueued: Enqueued;
  counts: WorkingSet['counts'];
  /** Held events that may be free now. */
  released: string[];
  /** Slots in which it may be somebody's turn now. */
  slots: SlotNote[];
}

const RELEASED_AT_ONCE = 100;

/** Writes down what changed in a working set: new runs first, then the rest in one go. */
@Injectable()
export class StoreWork {
  constructor(
    private readonly runs: RunsRepository,
    private readonly commands: CommandsRepository,
    private readonly platformRuns: PlatformRunsRepository,
    private readonly held: HeldEventsRepository,
    private readonly timers: StoreTimers,
    private readonly waiting: StoreWaiting,
    private readonly slots: SlotsRepository,
    private readonly outbox: Outbox,
    private readonly triggers: StoreTriggers,
    private readonly history: HistoryRepository,
  ) {}

  async run(tx: Queryable, set: WorkingSet): Promise<Stored> {
    const stored = await this.#startedRuns(tx, set);
    const messages = set.messages.filter(({ run }) => stored(run)).map(({ message }) => message);
    const places = set.slots.changes.filter(({ run }) => stored(run));
    const [enqueued, released, freed] = await Promise.all([
      this.outbox.enqueue(tx, messages),
      this.held.idsAt(tx, set.freed.map(({ origin }) => origin), RELEASED_AT_ONCE),
      this.slots.write(tx, places),
      this.runs.update(tx, set.runs.changed),
      this.history.append(tx, set.history.filter(({ run }) => stored(run))),
      this.commands.insert(tx, set.commands.sent.filter(({ command }) => stored(command.run))),
      this.commands.settle(tx, set.commands.settled.filter(({ run }) => stored(run))),
      this.commands.setKeys(tx, set.commands.keyed),
      this.commands.noteEnds(tx, set.commands.ended),
      this.platformRuns.keep(tx, set.platformRuns.told),
      this.timers.run(tx, [...set.timers.values()].filter(({ run }) => stored(run))),
      this.held.hold(tx, set.holds),
      this.waiting.run(tx, set, stored),
      this.triggers.run(tx, set.triggers),
    ]);
    const waited = places.flatMap(({ place }) => (place && !place.held ? [{ scope: place.scope, key: place.key, unseen: set.slots.isUnseen(place) }] : []));
    return { enqueued, counts: set.counts, released: [...released, ...set.holds.map(({ event }) => event.id)], slots: [...freed, ...waited] };
  }

  /** A run that another transaction has started in the meantime is not started here, nor does anything follow from it. */
  async #startedRuns(tx: Queryable, set: WorkingSet): Promise<(run: string) => boolean> {
    const { started, again } = set.runs;
    const inserted = started.length > 0 ? await this.runs.insert(tx, started) : new Set<string>();
    const lost = started.filter(({ id }) => !inserted.has(id));
    await this.runs.learnJobs(tx, [...again, ...lost]);
    const ids = new Set(lost.map(({ id }) => id));
    return (run) => !ids.has(run);
  }
}
