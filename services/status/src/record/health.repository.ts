import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { ToldHealth } from './recording.js';
import { rowsJson, sortedRows } from './rows.js';

const SAVE = `
  INSERT INTO connection_health AS known (connection, health, changed_at)
  SELECT connection, coalesce(health, 'null'), changed_at FROM jsonb_to_recordset($1::jsonb) AS row(connection text, health jsonb, changed_at timestamptz)
  ON CONFLICT (connection) DO UPDATE SET health = EXCLUDED.health, changed_at = EXCLUDED.changed_at
  WHERE known.changed_at <= EXCLUDED.changed_at`;

/** What connectors last said of their connections. */
@Injectable()
export class HealthRepository {
  /** Each connection at most once. */
  async save(tx: Queryable, told: readonly ToldHealth[]): Promise<void> {
    await tx.query(SAVE, [rowsJson(sortedRows(told, ({ connection }) => connection))]);
  }
}
