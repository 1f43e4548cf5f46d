import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';

export interface CarrierNote {
  connection: string;
  pipeline: string;
  reason: string;
}

/** Pipelines that refused our correlation carrier, remembered for a while over restarts and replicas. */
@Injectable()
export class CarrierRepository {
  constructor(private readonly database: Database) {}

  async refuse(connection: string, pipeline: string, reason: string, forMs: number): Promise<void> {
    await this.database.query(
      `INSERT INTO carrier_notes (connection, pipeline, reason, until) VALUES ($1, $2, $3, now() + $4 * interval '1 millisecond')
       ON CONFLICT (connection, pipeline) DO UPDATE SET reason = excluded.reason, until = excluded.until`,
      [connection, pipeline, reason, forMs],
    );
  }

  async allowed(connection: string, pipeline: string): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM carrier_notes WHERE connection = $1 AND pipeline = $2 AND until > now()', [connection, pipeline]);
    return rows.length === 0;
  }

  async notes(): Promise<CarrierNote[]> {
    return this.database.query<CarrierNote>('SELECT connection, pipeline, reason FROM carrier_notes WHERE until > now() ORDER BY connection, pipeline');
  }
}
