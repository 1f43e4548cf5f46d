import { Injectable, Logger } from '@nestjs/common';
import { joinId } from '@stellwerk/contracts';
import { joinCause, takePart, type EventContext, type JoinRecord, type PartMatch } from '@stellwerk/flows';
import { chainAfter, circleAt, type Behind } from '../runs/circles.js';
import { MoveRun, type Cause } from '../runs/move-run.js';
import { StartRun } from '../runs/start-run.js';
import type { WorkingSet } from '../work/working-set.js';

/** The row that an event belongs to. */
export const joinIdOf = ({ flow, join, key }: PartMatch): string => joinId(flow.name, join.id, key);

/** Notes an event at the joins of which it is a part; the last part starts the run. The rows are locked. */
@Injectable()
export class TakeParts {
  readonly #log = new Logger('joins');

  constructor(
    private readonly start: StartRun,
    private readonly move: MoveRun,
  ) {}

  async run(set: WorkingSet, event: EventContext, matches: readonly PartMatch[], behind: readonly Behind[], cause: Cause): Promise<void> {
    for (const match of matches) {
      const circle = circleAt(match.flow.name, match.trigger, behind);
      if (circle === undefined) await this.#take(set, event, match, behind, cause);
      else await this.move.run(set, circle.run, [{ kind: 'note', text: circle.text }], cause);
    }
  }

  async #take(set: WorkingSet, event: EventContext, match: PartMatch, behind: readonly Behind[], cause: Cause): Promise<void> {
    const { flow, join, key, parts } = match;
    const { record, arrival } = takePart(set.triggers.join(joinIdOf(match)), { flow: flow.name, join, key, parts, event, chain: chainAfter(behind), now: new Date() });
    this.#log.log({ join: record.id, flow: flow.name, event: event.id, parts, arrival }, 'join.part');
    set.triggers.change(arrival === 'complete' ? { ...record, run: await this.#complete(set, match, record, cause) } : record);
    if (arrival === 'late' && record.run !== undefined) await this.#noteLate(set, record.run, parts, cause);
  }

  /** Gives the id of the run. */
  async #complete(set: WorkingSet, match: PartMatch, record: JoinRecord, cause: Cause): Promise<string> {
    const joined = joinCause(record, match.join)!;
    return this.start.run(set, match, { id: cause.id, event: joined.event, joined });
  }

  /** One note a part, however often it comes: a note is for people. */
  async #noteLate(set: WorkingSet, run: string, parts: readonly string[], cause: Cause): Promise<void> {
    await this.move.run(set, run, parts.map((part) => ({ kind: 'note', text: `another event for "${part}" came after the run had started` })), cause);
  }
}
