import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { UnsettledCommand } from '../holds/may-be-ours.js';
import type { Repeats } from './repeats.js';
import type { CommandAtHand, NewCommand, Settlement } from '../work/commands-at-hand.js';

const COLUMNS = 'id, run, purpose, origin, repository, state, platform_run_key AS key, repeats, extract(epoch FROM created_at)::float8 AS "createdAt"';

export interface Places {
  origins: readonly string[];
  repositories: readonly string[];
  /** Older ones hold nothing back any more. */
  since: Date;
  /** Commands that the same transaction settles. */
  except: readonly string[];
}

@Injectable()
export class CommandsRepository {
  /** Those with one of the ids, and those that started one of the platform's runs. */
  async find(tx: Queryable, ids: readonly string[], keys: readonly string[]): Promise<CommandAtHand[]> {
    if (ids.length === 0 && keys.length === 0) return [];
    return tx.query(`SELECT ${COLUMNS} FROM commands WHERE id = ANY($1) UNION SELECT ${COLUMNS} FROM commands WHERE platform_run_key = ANY($2)
       UNION SELECT ${COLUMNS} FROM commands WHERE repeats_key = ANY($2)`, [ids, keys]);
  }

  async insert(tx: Queryable, commands: readonly NewCommand[]): Promise<void> {
    if (commands.length === 0) return;
    await tx.query(
      `INSERT INTO commands (id, run, purpose, connection, origin, repository, pipeline, repeats_run, state)
       SELECT *, 'sent' FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])`,
      [
        commands.map(({ id }) => id), commands.map(({ command }) => command.run), commands.map(({ command }) => command.purpose),
        commands.map(({ command }) => command.connection), commands.map(({ target }) => target.origin),
        commands.map(({ target }) => target.repository ?? null), commands.map(({ target }) => target.pipeline ?? null),
        commands.map(({ target }) => target.repeatsRun ?? null),
      ],
    );
  }

  /** Guarded once more: another transaction may have settled one of them since it was read. */
  async settle(tx: Queryable, settled: readonly Settlement[]): Promise<void> {
    if (settled.length === 0) return;
    await tx.query(
      `UPDATE commands SET state = new.state, platform_run_key = coalesce(new.key, platform_run_key), reason = new.reason,
         repeats = coalesce(new.repeats, commands.repeats), repeats_key = coalesce(new.repeats ->> 'key', repeats_key),
         settled_at = CASE WHEN new.state = 'unknown' THEN NULL ELSE now() END
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[]) AS new(id, state, key, reason, repeats)
       WHERE commands.id = new.id AND (commands.state IN ('sent', 'unknown') OR (commands.state = 'given-up' AND new.state NOT IN ('unknown', 'given-up')))`,
      [settled.map(({ id }) => id), settled.map(({ state }) => state), settled.map(({ key }) => key ?? null), settled.map(({ reason }) => reason ?? null),
        settled.map(({ repeats }) => (repeats ? JSON.stringify(repeats) : null))],
    );
  }

  async setKeys(tx: Queryable, keyed: readonly { id: string; key: string }[]): Promise<void> {
    if (keyed.length === 0) return;
    await tx.query(
      'UPDATE commands SET platform_run_key = new.key FROM unnest($1::text[], $2::text[]) AS new(id, key) WHERE commands.id = new.id AND platform_run_key IS NULL',
      [keyed.map(({ id }) => id), keyed.map(({ key }) => key)],
    );
  }

  /** Whoever notes an end has the key of the platform's run locked. */
  async noteEnds(tx: Queryable, ended: readonly { id: string; repeats: Repeats }[]): Promise<void> {
    if (ended.length === 0) return;
    await tx.query(
      'UPDATE commands SET repeats = new.repeats FROM unnest($1::text[], $2::jsonb[]) AS new(id, repeats) WHERE commands.id = new.id',
      [ended.map(({ id }) => id), ended.map(({ repeats }) => JSON.stringify(repeats))],
    );
  }

  /** Commands that may have started something at these places and are not settled: of alike ones the oldest. */
  async unsettledAt(tx: Queryable, { origins, repositories, since, except }: Places): Promise<UnsettledCommand[]> {
    if (origins.length === 0) return [];
    return tx.query(
      `SELECT origin, repository, pipeline, repeats_run AS "repeatsRun", extract(epoch FROM min(created_at))::float8 * 1000 AS "createdAt" FROM commands
       WHERE origin = ANY($1) AND (repository IS NULL OR repository = ANY($2)) AND created_at > $3 AND state IN ('sent', 'unknown')
         AND purpose IN ('run', 'rollback') AND id <> ALL($4) GROUP BY origin, repository, pipeline, repeats_run`,
      [origins, repositories, since, except],
    );
  }
}
