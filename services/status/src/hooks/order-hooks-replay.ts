import { Injectable } from '@nestjs/common';
import { Database, isUniqueViolation } from '@stellwerk/database';
import type { Caller } from '../access/caller.js';
import { AuditRepository } from '../audit/audit.repository.js';
import { ParameterError, ProblemError } from '../http/problem.js';
import { ReplaysRepository } from '../replays/replays.repository.js';
import type { HooksReplayBody } from './hooks-replay.body.js';
import { OLDEST_MS, type HookFilter } from './replayed-hook.js';

const UNDER_WAY = 'Another replay of hooks is under way (GET /api/replays); wait for its end or stop it.';

/** A person's order to normalize stored hooks once more, with its line in the audit log. */
@Injectable()
export class OrderHooksReplay {
  constructor(
    private readonly database: Database,
    private readonly replays: ReplaysRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** Gives its number. @throws ProblemError */
  async run(body: HooksReplayBody, caller: Caller, now: Date): Promise<number> {
    const filter = filterOf(body, now);
    const { again = false, dryRun = false } = body;
    try {
      return await this.database.transaction(async (tx) => {
        const number = await this.replays.create(tx, { kind: 'hooks', person: caller.name, filter: { ...filter }, again, dryRun });
        await this.audit.add(tx, { caller, action: 'hooks.replay', target: String(number), detail: { filter, again, dryRun } });
        return number;
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw new ProblemError(409, UNDER_WAY);
      throw error;
    }
  }
}

/** What comes after the order was handled as things are now: it ends there. */
const filterOf = ({ since, until, connection, ids }: HooksReplayBody, now: Date): HookFilter => {
  if (since === undefined && ids === undefined) throw new ParameterError('since', 'must be given, unless ids are');
  const from = since ?? new Date(now.getTime() - OLDEST_MS);
  const to = until ?? now;
  if (from > to) throw new ParameterError('since', 'must be before until');
  return { since: from.toISOString(), until: to.toISOString(), ...(connection !== undefined && { connection }), ...(ids && { ids }) };
};
