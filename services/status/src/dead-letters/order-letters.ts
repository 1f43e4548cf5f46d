import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import type { Caller } from '../access/caller.js';
import { AuditRepository } from '../audit/audit.repository.js';
import { ProblemError } from '../http/problem.js';
import { ReplaysRepository } from '../replays/replays.repository.js';
import type { LetterSelection } from './dead-letters.query.js';
import { LetterOrdersRepository } from './letter-orders.repository.js';
import type { LetterRow } from './letter-view.js';

export interface Ordered {
  letter: LetterRow;
  /** Somebody ordered the same before. */
  duplicate: boolean;
}

/** A person's orders about dead letters, each with its line in the audit log, in one transaction. */
@Injectable()
export class OrderLetters {
  constructor(
    private readonly database: Database,
    private readonly orders: LetterOrdersRepository,
    private readonly replays: ReplaysRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** `again`: also one that was replayed and sent before. @throws ProblemError */
  async replay(id: string, caller: Caller, again: boolean): Promise<Ordered> {
    return this.one(id, async (tx, letter) => {
      if (letter.state === 'purged') throw new ProblemError(409, `Dead letter "${id}" was purged by ${letter.purged_by}: ${letter.purge_reason}`);
      if (letter.state === 'replayed' && (!again || letter.sent_at === null)) return false;
      const number = await this.replays.create(tx, { kind: 'dead-letters', person: caller.name, filter: { ids: [id] }, again });
      await this.orders.replay(tx, id, number, caller.name);
      await this.audit.add(tx, { caller, action: 'dead-letter.replay', target: id, detail: { replay: number, messageId: letter.message_id, again } });
      return true;
    });
  }

  /** @throws ProblemError */
  async purge(id: string, caller: Caller, reason: string): Promise<Ordered> {
    return this.one(id, async (tx, letter) => {
      if (letter.state === 'purged') return false;
      if (letter.todo === 'send') throw new ProblemError(409, `Dead letter "${id}" is just being replayed by ${letter.replayed_by}; purge it once it was sent.`);
      await this.orders.purge(tx, id, caller.name, reason);
      await this.audit.add(tx, { caller, action: 'dead-letter.purge', target: id, detail: { reason, messageId: letter.message_id } });
      return true;
    });
  }

  /** Every open letter of the selection. */
  async replayMany(selection: LetterSelection, caller: Caller): Promise<{ matched: number; replay: number | null }> {
    const filter = filterOf(selection);
    return this.database.transaction(async (tx) => {
      const replay = await this.replays.create(tx, { kind: 'dead-letters', person: caller.name, filter });
      const matched = await this.orders.replayMany(tx, selection, replay, caller.name);
      await this.audit.add(tx, { caller, action: 'dead-letter.replay', target: '', detail: { replay, filter, matched } });
      return { matched, replay: matched > 0 ? replay : null };
    });
  }

  /** Every open letter of the selection. */
  async purgeMany(selection: LetterSelection, caller: Caller, reason: string): Promise<number> {
    const filter = filterOf(selection);
    return this.database.transaction(async (tx) => {
      const matched = await this.orders.purgeMany(tx, selection, caller.name, reason);
      await this.audit.add(tx, { caller, action: 'dead-letter.purge', target: '', detail: { filter, reason, matched } });
      return matched;
    });
  }

  private async one(id: string, decide: (tx: Queryable, letter: LetterRow) => Promise<boolean>): Promise<Ordered> {
    return this.database.transaction(async (tx) => {
      const letter = await this.orders.lock(tx, id);
      if (!letter) throw new ProblemError(404, `There is no dead letter "${id}".`);
      const changed = await decide(tx, letter);
      return { letter: (await this.orders.lock(tx, id))!, duplicate: !changed };
    });
  }
}

/** What an order selects, without what is not said. An order that says nothing must say that it means all. */
const filterOf = ({ stream, consumer, messageId, since, until, ids, all }: LetterSelection): Record<string, unknown> => {
  const given = Object.entries({ stream, consumer, messageId, since, until, ids }).filter(([, value]) => value !== undefined);
  if (given.length === 0 && all !== true) throw new ProblemError(400, 'Say which letters: by stream, consumer, messageId, since, until or ids; or all: true for every open one.');
  return given.length === 0 ? { all: true } : Object.fromEntries(given);
};
