import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';

/** Work that only one replica does at a time. */
@Injectable()
export class OneAtATimeRepository {
  constructor(private readonly database: Database) {}

  /** False when another replica is at it. The lock goes with the transaction, and so with a process that dies. */
  async run(name: string, work: () => Promise<void>): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const [row] = await tx.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock(hashtext($1)) AS mine', [`status:${name}`]);
      if (row?.mine) await work();
      return row?.mine ?? false;
    });
  }
}
