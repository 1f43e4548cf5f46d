import { Inject, Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { EventContext } from '@stellwerk/flows';
import type { TraceHeaders } from '@stellwerk/service-kit';
import { originOfFact } from '../events/platform-run-state.js';
import { ROUTER_CONFIG, type RouterConfig } from '../router.config.js';
import { CommandsRepository } from '../runs/commands.repository.js';
import type { WorkingSet } from '../work/working-set.js';
import { mayBeOurs, placesAbove, type UnsettledCommand } from './may-be-ours.js';

/** Keeps events back while nobody can say yet whether a run of ours caused them. */
@Injectable()
export class HoldEvent {
  constructor(
    private readonly commands: CommandsRepository,
    @Inject(ROUTER_CONFIG) private readonly config: RouterConfig,
  ) {}

  /** The commands of ours that are not settled, nor among `settling`, and work where one of the events happened. */
  async unsettled(tx: Queryable, events: readonly EventContext[], settling: readonly string[] = []): Promise<UnsettledCommand[]> {
    const places = events.flatMap((event) => {
      const origin = event.run && originOfFact(event);
      return origin === undefined ? [] : [{ origin, repositories: placesAbove(event.repository!) }];
    });
    return this.commands.unsettledAt(tx, {
      origins: [...new Set(places.map(({ origin }) => origin))], repositories: [...new Set(places.flatMap(({ repositories }) => repositories))],
      since: new Date(Date.now() - this.config.holdMs), except: settling,
    });
  }

  /** True while one of these commands may have caused the event. */
  isInDoubt(event: EventContext, unsettled: readonly UnsettledCommand[]): boolean {
    const origin = originOfFact(event);
    return origin !== undefined && mayBeOurs(event, origin, unsettled);
  }

  run(set: WorkingSet, event: EventContext, trace: TraceHeaders): void {
    set.hold({ origin: originOfFact(event)!, event, trace, heldUntil: new Date(Date.now() + this.config.holdMs) });
  }
}
