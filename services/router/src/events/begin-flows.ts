import { Injectable, Logger } from '@nestjs/common';
import type { EventContext, Found } from '@stellwerk/flows';
import { NoteSightings } from '../clocks/note-sightings.js';
import { HoldEvent } from '../holds/hold-event.js';
import type { UnsettledCommand } from '../holds/may-be-ours.js';
import { TakeParts } from '../joins/take-parts.js';
import { circleAt, type Behind } from '../runs/circles.js';
import { MoveRun, type Cause } from '../runs/move-run.js';
import { StartRun } from '../runs/start-run.js';
import type { WorkingSet } from '../work/working-set.js';
import { mayStart } from './news.js';
import { runKeyOf } from './platform-run-state.js';

/** What an event means to flows: it starts some, is a part of joins, ends absences. */
@Injectable()
export class BeginFlows {
  readonly #log = new Logger('events');

  constructor(
    private readonly holds: HoldEvent,
    private readonly start: StartRun,
    private readonly move: MoveRun,
    private readonly parts: TakeParts,
    private readonly sightings: NoteSightings,
  ) {}

  /** As `now`, but an event that one of these commands may have caused is held. Whoever caused it, it has come: no absence goes on. */
  async run(set: WorkingSet, event: EventContext, matches: Found, unsettled: readonly UnsettledCommand[], cause: Cause): Promise<void> {
    this.sightings.run(set, event, matches.absences);
    if (!mayStart(matches)) return;
    // Whoever has started the run: somebody else may have set it going again.
    const doubted = behindOf(set, event).length === 0 ? unsettled : unsettled.filter(({ repeatsRun }) => repeatsRun !== null);
    if (!this.holds.isInDoubt(event, doubted)) return this.now(set, event, matches, cause);
    this.#log.log({ event: event.id, repository: event.repository }, 'event.held');
    this.holds.run(set, event, cause.trace ?? {});
  }

  async now(set: WorkingSet, event: EventContext, { starts, parts }: Found, cause: Cause): Promise<void> {
    const behind = behindOf(set, event);
    for (const match of starts) {
      const circle = circleAt(match.flow.name, match.trigger, behind);
      if (circle === undefined) await this.start.run(set, match, { id: cause.id, event, behind });
      else await this.move.run(set, circle.run, [{ kind: 'note', text: circle.text }], cause);
    }
    await this.parts.run(set, event, parts, behind, cause);
  }
}

/** The runs whose commands the event goes back to. */
const behindOf = (set: WorkingSet, event: EventContext): Behind[] => {
  const runs = new Set(set.commands.causes(runKeyOf(event), event).map(({ run }) => run));
  return [...runs].flatMap((id) => set.runs.get(id) ?? []).map(({ id, flow, chain }) => ({ id, flow, chain }));
};
