import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { inSpan, isolated } from '@stellwerk/service-kit';
import { BeginFlows } from '../events/begin-flows.js';
import { HeldEventsRepository } from './held-events.repository.js';
import { HoldEvent } from './hold-event.js';

const AT_ONCE = 100;

/** Looks again at held events: those whose doubt is gone, or whose time is over, start what they match. */
@Injectable()
export class ReleaseHeld {
  readonly #log = new Logger('holds');

  constructor(
    private readonly database: Database,
    private readonly held: HeldEventsRepository,
    private readonly holds: HoldEvent,
    private readonly begin: BeginFlows,
  ) {}

  /** Of all instances, or of one. True when something may be in the outbox now. */
  async run(origin?: string): Promise<boolean> {
    let released = false;
    for (const id of await this.held.ids(this.database, origin, AT_ONCE)) released = (await this.#one(id)) || released;
    return released;
  }

  async #one(id: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const found = await this.held.lockIfFree(tx, id);
      if (!found) return false;
      const { event, trace, heldUntil } = found;
      if (heldUntil.getTime() > Date.now() && (await this.holds.isInDoubt(tx, event))) return false;
      await this.held.drop(tx, id);
      await isolated(trace, () => inSpan('release held event', {}, () => this.begin.now(tx, event, { id: event.id, trace })));
      this.#log.log({ event: id }, 'event.released');
      return true;
    });
  }
}
