import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';

/** Bodies too large for a message. */
@Injectable()
export class BodiesRepository {
  constructor(private readonly database: Database) {}

  /** Keeps the first of an id: the same delivery has the same body. */
  async keep(id: string, body: Buffer): Promise<void> {
    await this.database.query('INSERT INTO bodies (id, body) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING', [id, body]);
  }

  async find(id: string): Promise<Buffer | undefined> {
    const [row] = await this.database.query<{ body: Buffer }>('SELECT body FROM bodies WHERE id = $1', [id]);
    return row?.body;
  }

  /** A batch at a time, so that no lock is held long. Gives how many went. */
  async dropOlderThan(days: number, batch: number): Promise<number> {
    const dropped = await this.database.query<{ id: string }>(
      `WITH old AS (SELECT id FROM bodies WHERE kept_at < now() - make_interval(days => $1) ORDER BY kept_at LIMIT $2)
       DELETE FROM bodies USING old WHERE bodies.id = old.id RETURNING bodies.id`,
      [days, batch],
    );
    return dropped.length;
  }
}
