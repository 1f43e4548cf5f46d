import { joinId } from '@stellwerk/contracts';
import { closeJoin, joinCause, takePart, type EventContext, type FlowMatch, type JoinCause, type JoinRecord, type PartMatch } from '@stellwerk/flows';

/** A run that a round of a join starts. */
export interface JoinStart {
  match: FlowMatch;
  joined: JoinCause;
}

/** What people are told when the time of a round is over. */
export interface ToldMissing {
  flow: string;
  key: string;
  parts: string[];
}

interface Round {
  record: JoinRecord;
  match: PartMatch;
}

/** The rounds of joins in one test: what the router keeps in rows. */
export class Joins {
  readonly #rounds = new Map<string, Round>();
  readonly told: ToldMissing[] = [];

  /** Notes an event that is a part; gives what it starts as the last one. */
  take(match: PartMatch, event: EventContext, now: Date): JoinStart[] {
    const { flow, join, key, parts } = match;
    const id = joinId(flow.name, join.id, key);
    const { record, arrival } = takePart(this.#rounds.get(id)?.record, { flow: flow.name, join, key, parts, event, chain: { links: 0, flows: [] }, now });
    this.#rounds.set(id, { record, match });
    return arrival === 'complete' ? [{ match, joined: joinCause(record, join)! }] : [];
  }

  /** Ends the rounds whose time is over by then; gives what starts although parts are missing. */
  close(now: Date): JoinStart[] {
    return [...this.#rounds].filter(([, { record }]) => isGoingOn(record) && Date.parse(record.endsAt) <= now.getTime()).flatMap(([id, { record, match }]) => {
      const closed = closeJoin(record, match.join);
      if (closed.then === 'notify') this.told.push({ flow: record.flow, key: record.key, parts: closed.missing });
      this.#rounds.set(id, { record: closed.record, match });
      return closed.then === 'start' ? [{ match, joined: joinCause(record, match.join)! }] : [];
    });
  }

  /** When the next round ends; undefined when none is going on. */
  get nextEnd(): Date | undefined {
    const ends = [...this.#rounds.values()].filter(({ record }) => isGoingOn(record)).map(({ record }) => Date.parse(record.endsAt));
    return ends.length === 0 ? undefined : new Date(Math.min(...ends));
  }
}

const isGoingOn = ({ state }: JoinRecord): boolean => state !== 'over';
