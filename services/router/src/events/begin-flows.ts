import { Injectable, Logger } from '@nestjs/common';
import type { EventContext, FlowMatch } from '@stellwerk/flows';
import { HoldEvent } from '../holds/hold-event.js';
import type { UnsettledCommand } from '../holds/may-be-ours.js';
import { circleAt, type Behind } from '../runs/circles.js';
import { MoveRun, type Cause } from '../runs/move-run.js';
import { StartRun } from '../runs/start-run.js';
import type { WorkingSet } from '../work/working-set.js';
import { runKeyOf } from './platform-run-state.js';

/** Starts the flows that an event matches. */
@Injectable()
export class BeginFlows {
  readonly #log = new Logger('events');

  constructor(
    private readonly holds: HoldEvent,
    private readonly start: StartRun,
    private readonly move: MoveRun,
  ) {}

  /** As `now`, but an event that one of these commands may have caused is held. */
  async run(set: WorkingSet, event: EventContext, matches: readonly FlowMatch[], unsettled: readonly UnsettledCommand[], cause: Cause): Promise<void> {
    if (matches.length === 0) return;
    if (behindOf(set, event) || !this.holds.isInDoubt(event, unsettled)) return this.now(set, event, matches, cause);
    this.#log.log({ event: event.id, repository: event.repository }, 'event.held');
    this.holds.run(set, event, cause.trace ?? {});
  }

  async now(set: WorkingSet, event: EventContext, matches: readonly FlowMatch[], cause: Cause): Promise<void> {
    const behind = behindOf(set, event);
    for (const match of matches) {
      const circle = circleAt(match.flow.name, match.trigger, behind);
      if (circle === undefined) await this.start.run(set, match, { id: cause.id, event, behind });
      else await this.move.run(set, behind!.id, [{ kind: 'note', text: circle }], cause);
    }
  }
}

/** The run whose command the event goes back to. */
const behindOf = (set: WorkingSet, event: EventContext): Behind | undefined => {
  const [command] = set.commands.behind(runKeyOf(event), event.correlation ?? event.causedBy);
  const run = command && set.runs.get(command.run);
  return run && { id: run.id, flow: run.flow, chain: { links: run.chain.flows.length, flows: run.chain.flows } };
};
