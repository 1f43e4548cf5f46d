import type { EventEmitter } from 'node:events';
import { Logger } from '@nestjs/common';
import { messageOf } from '@stellwerk/service-kit';
import type { QueryRunner } from 'typeorm';
import { isAway } from './database-failure.js';
import type { Queryable } from './queryable.js';

/** TypeORM gives rows and counts in another shape for UPDATE and DELETE unless asked for its structured result. */
export const rowsOf = async <Row>(runner: QueryRunner, sql: string, parameters: unknown[]): Promise<Row[]> =>
  ((await runner.query(sql, parameters, true)).records as Row[] | undefined) ?? [];

/** BEGIN, the work, COMMIT; a rollback when the work throws. */
export async function inTransaction<T>(runner: QueryRunner, work: (tx: Queryable) => Promise<T>): Promise<T> {
  // READ COMMITTED is the default of the server; naming it would cost a round trip each time.
  await runner.startTransaction();
  try {
    const result = await work({ query: (sql, parameters = []) => rowsOf(runner, sql, parameters) });
    await runner.commitTransaction();
    return result;
  } catch (error) {
    if (!isAway(error)) await rollback(runner);
    throw error;
  }
}

/** A connection that answers nothing must not go back to the pool; the driver and TypeORM drop one that says "error". */
export async function discard(runner: QueryRunner, error: Error): Promise<void> {
  const client = (await runner.connect().catch(() => undefined)) as EventEmitter | undefined;
  client?.emit('error', error);
}

/** The first error is the one that tells; a rollback that fails means the connection is gone, and with it the transaction. */
async function rollback(runner: QueryRunner): Promise<void> {
  if (!runner.isTransactionActive || runner.isReleased) return;
  await runner.rollbackTransaction().catch((error: unknown) => new Logger('database').warn({ reason: messageOf(error) }, 'rollback.failed'));
}
