import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';

/** Keys by which people named their orders to start a flow. */
@Injectable()
export class RunRequestsRepository {
  /** Hash of the inputs that came with this key before; undefined: the key is new, and taken now. Whoever comes at the same moment waits. */
  async take(tx: Queryable, flow: string, key: string, inputsHash: string): Promise<string | undefined> {
    const taken = await tx.query('INSERT INTO run_requests (flow, key, inputs_hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1', [flow, key, inputsHash]);
    return taken.length > 0 ? undefined : this.find(tx, flow, key);
  }

  async find(db: Queryable, flow: string, key: string): Promise<string | undefined> {
    const [row] = await db.query<{ hash: string }>('SELECT inputs_hash AS hash FROM run_requests WHERE flow = $1 AND key = $2', [flow, key]);
    return row?.hash;
  }
}
