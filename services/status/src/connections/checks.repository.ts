import { Injectable } from '@nestjs/common';
import type { ConnectionCheck, Finding } from '@stellwerk/contracts';
import { Database } from '@stellwerk/database';

export interface KeptCheck {
  findings: Finding[];
  checkedAt: Date;
}

interface Row {
  connection: string;
  findings: Finding[];
  checked_at: Date;
}

/** What connectors found last, each connection once. */
@Injectable()
export class ChecksRepository {
  constructor(private readonly database: Database) {}

  /** An older one than is there is not kept. */
  async save({ connection, findings, checkedAt }: ConnectionCheck): Promise<void> {
    await this.database.query(
      `INSERT INTO connection_checks AS known (connection, findings, checked_at) VALUES ($1, $2, $3)
       ON CONFLICT (connection) DO UPDATE SET findings = EXCLUDED.findings, checked_at = EXCLUDED.checked_at WHERE known.checked_at <= EXCLUDED.checked_at`,
      [connection, JSON.stringify(findings), checkedAt],
    );
  }

  async of(connections: readonly string[]): Promise<Map<string, KeptCheck>> {
    const rows = await this.database.query<Row>('SELECT connection, findings, checked_at FROM connection_checks WHERE connection = ANY($1)', [connections]);
    return new Map(rows.map(({ connection, findings, checked_at: checkedAt }) => [connection, { findings, checkedAt }]));
  }
}
