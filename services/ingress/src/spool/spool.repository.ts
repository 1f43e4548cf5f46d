import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import type { HookMessage } from './hook-message.js';

/** Any number that no other lock of this schema has. */
const CLAIM_LOCK = 7_301;

const CLAIM = `
  UPDATE spool SET claimed_until = now() + make_interval(secs => $1)
  WHERE position IN (SELECT position FROM spool WHERE retry_at <= now() ORDER BY position LIMIT $2)
    AND NOT EXISTS (SELECT 1 FROM spool WHERE claimed_until > now())
  RETURNING position, id, subject, headers, body`;

@Injectable()
export class SpoolRepository {
  constructor(private readonly database: Database) {}

  /** False when it was there already. */
  async put({ id, subject, headers, body }: HookMessage): Promise<boolean> {
    const rows = await this.database.query(
      'INSERT INTO spool (id, subject, headers, body) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING RETURNING id',
      [id, subject, JSON.stringify(headers), body],
    );
    return rows.length === 1;
  }

  /** The oldest hooks, for one replica alone while its claim lasts: two at once would mix up their order. */
  async claim(seconds: number, limit: number): Promise<HookMessage[]> {
    const rows = await this.database.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [CLAIM_LOCK]);
      return tx.query<HookMessage & { position: string }>(CLAIM, [seconds, limit]);
    });
    return rows.sort((left, right) => Number(left.position) - Number(right.position));
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.database.query('DELETE FROM spool WHERE id = ANY($1)', [ids]);
  }

  async release(ids: readonly string[]): Promise<void> {
    await this.database.query("UPDATE spool SET claimed_until = '-infinity' WHERE id = ANY($1)", [ids]);
  }

  /** Lets those behind it pass one that the broker refuses. */
  async postpone(id: string, seconds: number): Promise<void> {
    await this.database.query("UPDATE spool SET claimed_until = '-infinity', retry_at = now() + make_interval(secs => $2) WHERE id = $1", [id, seconds]);
  }

  async state(): Promise<{ rows: number; ageSeconds: number }> {
    const [row] = await this.database.query<{ rows: string; age: string | null }>(
      'SELECT count(*) AS rows, extract(epoch FROM now() - min(spooled_at)) AS age FROM spool',
    );
    return { rows: Number(row?.rows ?? 0), ageSeconds: Number(row?.age ?? 0) };
  }
}
