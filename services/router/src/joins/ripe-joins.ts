import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { HeardUntil } from '../events/heard-until.js';
import { MatchFlows } from '../events/match-flows.js';
import { HeldEventsRepository } from '../holds/held-events.repository.js';
import { JoinsRepository, type DueJoin } from './joins.repository.js';
import { joinIdOf } from './take-parts.js';

const AT_ONCE = 100;
const HELD_AGAIN_MS = 1_000;

/** Rounds of joins that are really over: nothing that was there by then is unheard, or held. */
@Injectable()
export class RipeJoins {
  constructor(
    private readonly database: Database,
    private readonly joins: JoinsRepository,
    private readonly heard: HeardUntil,
    private readonly held: HeldEventsRepository,
    private readonly match: MatchFlows,
  ) {}

  /** The first one first. */
  async run(now: Date): Promise<DueJoin[]> {
    const due = await this.joins.due(this.database, now, AT_ONCE);
    if (due.length === 0) return [];
    const until = await this.heard.run(now);
    // Behind what was heard: of what was, it has to be known whether it is held.
    const held = await this.#held();
    const waiting = due.filter(({ id }) => held.has(id)).map(({ id }) => id);
    await this.joins.postpone(this.database, waiting, new Date(now.getTime() + HELD_AGAIN_MS));
    return due.filter(({ id, dueAt }) => dueAt <= until && !held.has(id));
  }

  /** Ids of joins of which a part has come that is held: nobody knows yet whether a run of theirs has caused it. */
  async #held(): Promise<Set<string>> {
    const events = await this.held.all(this.database);
    return new Set((await this.match.run(events)).flatMap(({ parts }) => parts.map(joinIdOf)));
  }
}
