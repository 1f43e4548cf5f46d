import { Injectable, Logger } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import type { Queryable } from '@stellwerk/database';
import { matchTriggers, type EventContext } from '@stellwerk/flows';
import { HoldEvent } from '../holds/hold-event.js';
import { circleAt } from '../runs/circles.js';
import { CommandsRepository, type CausingRun } from '../runs/commands.repository.js';
import { MoveRun, type Cause } from '../runs/move-run.js';
import { StartRun, type Match } from '../runs/start-run.js';
import { runKeyOf } from './platform-run-state.js';

/** Starts the flows that an event matches. */
@Injectable()
export class BeginFlows {
  readonly #log = new Logger('events');

  constructor(
    private readonly resources: Resources,
    private readonly commands: CommandsRepository,
    private readonly holds: HoldEvent,
    private readonly start: StartRun,
    private readonly move: MoveRun,
  ) {}

  /** As `now`, but an event that a command of ours may have caused, as yet unsettled, is held: true then. */
  async run(tx: Queryable, event: EventContext, cause: Cause): Promise<boolean> {
    const matches = this.#matches(event);
    if (matches.length === 0) return false;
    const behind = await this.#behind(tx, event);
    if (!behind && (await this.holds.isInDoubt(tx, event))) {
      this.#log.log({ event: event.id, repository: event.repository }, 'event.held');
      await this.holds.run(tx, event, cause.trace ?? {});
      return true;
    }
    await this.#begin(tx, event, matches, behind, cause);
    return false;
  }

  async now(tx: Queryable, event: EventContext, cause: Cause): Promise<void> {
    await this.#begin(tx, event, this.#matches(event), await this.#behind(tx, event), cause);
  }

  /** By name, so that two transactions with the same fact take their locks in the same order. */
  #matches(event: EventContext): Match[] {
    const flows = Object.values(this.resources.current().flows).sort((a, b) => (a.name < b.name ? -1 : 1));
    return flows.flatMap((flow) => {
      const result = matchTriggers(flow, event);
      return 'trigger' in result ? [{ flow, trigger: result.trigger }] : [];
    });
  }

  #behind(tx: Queryable, event: EventContext): Promise<CausingRun | undefined> {
    return this.commands.causeOf(tx, runKeyOf(event), event.correlation);
  }

  async #begin(tx: Queryable, event: EventContext, matches: readonly Match[], behind: CausingRun | undefined, cause: Cause): Promise<void> {
    for (const match of matches) {
      const circle = circleAt(match.flow.name, match.trigger, behind);
      if (circle === undefined) await this.start.run(tx, match, { id: cause.id, event, behind });
      else await this.move.run(tx, behind!.id, [{ kind: 'note', text: circle }], cause);
    }
  }
}
