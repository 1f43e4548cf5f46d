import { Inject, Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { EventContext } from '@stellwerk/flows';
import type { TraceHeaders } from '@stellwerk/service-kit';
import { originOfFact } from '../events/platform-run-state.js';
import { ROUTER_CONFIG, type RouterConfig } from '../router.config.js';
import { RouterMetrics } from '../router.metrics.js';
import { CommandsRepository } from '../runs/commands.repository.js';
import { HeldEventsRepository } from './held-events.repository.js';
import { mayBeOurs } from './may-be-ours.js';

/** Keeps events back while nobody can say yet whether a run of ours caused them. */
@Injectable()
export class HoldEvent {
  constructor(
    private readonly held: HeldEventsRepository,
    private readonly commands: CommandsRepository,
    private readonly metrics: RouterMetrics,
    @Inject(ROUTER_CONFIG) private readonly config: RouterConfig,
  ) {}

  /** True while a command of ours that is not settled may have caused the event. */
  async isInDoubt(tx: Queryable, event: EventContext): Promise<boolean> {
    const origin = originOfFact(event);
    if (origin === undefined || !event.run) return false;
    const since = new Date(Date.now() - this.config.holdMs);
    return mayBeOurs(event, await this.commands.unsettledAt(tx, origin, event.repository!, since));
  }

  async run(tx: Queryable, event: EventContext, trace: TraceHeaders): Promise<void> {
    await this.held.hold(tx, originOfFact(event)!, { event, trace, heldUntil: new Date(Date.now() + this.config.holdMs) });
    this.metrics.held.inc();
  }
}
