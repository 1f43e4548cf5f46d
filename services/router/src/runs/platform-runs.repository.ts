import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { isFurther, type PlatformRunState } from '@stellwerk/flows';

/**
 * The last state of every run of a platform that we heard of. The row is locked by whoever learns anything about that
 * run, before any run of ours is: so an end and the acceptance of its trigger never miss each other.
 */
@Injectable()
export class PlatformRunsRepository {
  /** The last state, locked; undefined when nothing was told yet. */
  async lock(tx: Queryable, key: string): Promise<PlatformRunState | undefined> {
    const [row] = await tx.query<{ state: PlatformRunState | null }>(
      'INSERT INTO platform_runs (key) VALUES ($1) ON CONFLICT (key) DO UPDATE SET seen_at = now() RETURNING state',
      [key],
    );
    return row?.state ?? undefined;
  }

  /** Keeps what was told, if it is further than what is known. */
  async tell(tx: Queryable, state: PlatformRunState): Promise<void> {
    if (!isFurther(state, await this.lock(tx, state.key))) return;
    await tx.query('UPDATE platform_runs SET state = $2 WHERE key = $1', [state.key, JSON.stringify(state)]);
  }
}
