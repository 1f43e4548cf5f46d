import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { StoreAwayError, inSpan, isolated } from '@stellwerk/service-kit';
import { BeginFlows } from '../events/begin-flows.js';
import type { Routed } from '../events/route-event.js';
import { ROUTER_CONFIG, type RouterConfig } from '../router.config.js';
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
    @Inject(ROUTER_CONFIG) private readonly config: RouterConfig,
  ) {}

  /** What a routed event may have freed. True when something may be in the outbox now. */
  async after({ settled, held }: Routed): Promise<boolean> {
    if (settled) return this.#each(await this.held.idsAt(this.database, settled.origin, settled.repository));
    return held !== undefined && this.#apart(held);
  }

  /** Those whose time is over, or that a crash left behind. True when something may be in the outbox now. */
  async overdue(): Promise<boolean> {
    const now = new Date();
    return this.#each(await this.held.idsFree(this.database, now, new Date(now.getTime() - this.config.holdMs), AT_ONCE));
  }

  async #each(ids: readonly string[]): Promise<boolean> {
    let released = false;
    for (const id of ids) released = (await this.#apart(id)) || released;
    return released;
  }

  /** One that fails stays held; it must not hold up the others. */
  async #apart(id: string): Promise<boolean> {
    try {
      return await this.#one(id);
    } catch (error) {
      if (error instanceof StoreAwayError) throw error;
      this.#log.error({ event: id, err: error }, 'event.not-released');
      return false;
    }
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
