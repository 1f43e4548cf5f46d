import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';

/** What connectors last said of their connections. */
@Injectable()
export class HealthRepository {
  async save(tx: Queryable, connection: string, health: unknown, changedAt: string): Promise<void> {
    await tx.query(
      `INSERT INTO connection_health AS known (connection, health, changed_at) VALUES ($1, $2, $3)
       ON CONFLICT (connection) DO UPDATE SET health = EXCLUDED.health, changed_at = EXCLUDED.changed_at
       WHERE known.changed_at <= EXCLUDED.changed_at`,
      [connection, JSON.stringify(health), changedAt],
    );
  }
}
