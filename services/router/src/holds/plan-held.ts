import { Injectable, Logger } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { awaitedIf } from '../events/news.js';
import { runKeyOf } from '../events/platform-run-state.js';
import { joinIdOf } from '../joins/take-parts.js';
import { GatherWork, needs } from '../work/gather-work.js';
import { StoreWork, type Stored } from '../work/store-work.js';
import { BeginHeld } from './begin-held.js';
import { HeldEventsRepository } from './held-events.repository.js';
import { HoldEvent } from './hold-event.js';

/** Lets held events go that nobody doubts any more, in one transaction. */
@Injectable()
export class PlanHeld {
  readonly #log = new Logger('holds');

  constructor(
    private readonly held: HeldEventsRepository,
    private readonly holds: HoldEvent,
    private readonly gather: GatherWork,
    private readonly begin: BeginHeld,
    private readonly store: StoreWork,
  ) {}

  async run(tx: Queryable, ids: readonly string[], now: Date): Promise<Stored> {
    const held = await this.begin.matched(await this.held.lockFree(tx, ids));
    const [unsettled, set] = await Promise.all([
      this.holds.unsettled(tx, held.map(({ event }) => event)),
      this.gather.run(tx, needs({
        commands: held.flatMap(({ event }) => event.correlation ?? event.causedBy ?? []), started: held.flatMap(({ event }) => runKeyOf(event) ?? []),
        joins: held.flatMap(({ matches }) => matches.parts.map(joinIdOf)), awaited: held.flatMap(({ event, matches }) => awaitedIf(event, matches)),
      })),
    ]);
    const free = held.filter(({ event, heldUntil }) => heldUntil <= now || !this.holds.isInDoubt(event, unsettled));
    await this.begin.run(set, free);
    await this.held.drop(tx, free.map(({ id }) => id));
    for (const { id } of free) this.#log.log({ event: id }, 'event.released');
    return this.store.run(tx, set);
  }
}
