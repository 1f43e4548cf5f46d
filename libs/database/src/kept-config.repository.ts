import { Injectable } from '@nestjs/common';
import { Database } from './database.js';

/** A configuration that was valid and in force, as bytes that only `libs/config` reads. */
export interface KeptConfig {
  revision: string;
  content: Uint8Array;
  /** How long ago it came into force, by whoever's clock is asked: clocks of two machines are never compared. */
  ageSeconds: number;
}

/** The statements that make the table; for a migration of each service. One row a config directory, so that the flows of one never stand in for another's. */
export const keptConfigTable = (): string[] => [
  `CREATE TABLE kept_configs (
    directory text PRIMARY KEY,
    revision text NOT NULL,
    content bytea NOT NULL,
    in_force_at timestamptz NOT NULL
  )`,
];

/** What the table got later: when a service said last that it uses the directory. */
export const confirmedConfigs = (): string[] => ['ALTER TABLE kept_configs ADD COLUMN confirmed_at timestamptz NOT NULL DEFAULT now()'];

// What came into force later stays, whoever writes last: a replica may have waited for the database with an older set in hand.
const KEEP = `
  INSERT INTO kept_configs AS kept (directory, revision, content, in_force_at) VALUES ($1, $2, $3, now() - make_interval(secs => $4))
  ON CONFLICT (directory) DO UPDATE SET revision = excluded.revision, content = excluded.content, in_force_at = excluded.in_force_at
    WHERE kept.content <> excluded.content AND kept.in_force_at <= excluded.in_force_at
  RETURNING revision`;

const NEWEST = `
  SELECT revision, content, greatest(0, extract(epoch FROM now() - in_force_at))::float8 AS "ageSeconds" FROM kept_configs WHERE directory = $1`;

const CONFIRM = 'UPDATE kept_configs SET confirmed_at = now() WHERE directory = $1 RETURNING directory';

// Whoever confirms one of them in this moment is seen: the row is looked at again when its lock is got.
const FORGET = 'DELETE FROM kept_configs WHERE confirmed_at < now() - make_interval(days => $2) AND directory <> $1 RETURNING directory';

/** The last valid configuration of this service: what it goes on with when it starts beside files that are not valid. */
@Injectable()
export class KeptConfigRepository {
  constructor(private readonly database: Database) {}

  /** Of that directory (an absolute path), or undefined. Throws StoreAwayError, after 10 s where there was no connection yet. */
  async newest(directory: string): Promise<KeptConfig | undefined> {
    return (await this.database.query<KeptConfig>(NEWEST, [directory]))[0];
  }

  /** True when it was written; false: it is kept already, or what came into force after it is. Throws StoreAwayError. */
  async keep(directory: string, { revision, content, ageSeconds }: KeptConfig): Promise<boolean> {
    return (await this.database.query(KEEP, [directory, revision, content, ageSeconds])).length === 1;
  }

  /** Says that the directory is in use. False: nothing is kept of it. Throws StoreAwayError. */
  async confirm(directory: string): Promise<boolean> {
    return (await this.database.query(CONFIRM, [directory])).length === 1;
  }

  /** Deletes the sets of directories that nobody has confirmed for so many days, and gives their names; never that of `mine`. Throws StoreAwayError. */
  async forgetUnused(mine: string, days: number): Promise<string[]> {
    return (await this.database.query<{ directory: string }>(`WITH gone AS (${FORGET}) SELECT directory FROM gone ORDER BY directory`, [mine, days])).map(({ directory }) => directory);
  }
}
