import type { Writable } from 'node:stream';
import { Logger } from '@nestjs/common';
import { messageOf } from '@stellwerk/service-kit';
import type { ClientBase, QueryResult } from 'pg';
import { isAway } from './database-failure.js';
import type { Queryable } from './queryable.js';
import { statementName } from './statements.js';

/** Streams that hold back what is written in this turn of the event loop. */
const gathering = new WeakSet<Writable>();

/** What is sent in one turn goes out in one write: system calls cost more than most of our statements. */
function gather(client: ClientBase): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  if (gathering.has(stream)) return;
  gathering.add(stream);
  stream.cork();
  process.nextTick(() => {
    gathering.delete(stream);
    stream.uncork();
  });
}

/** The rows of one statement; prepared when it has parameters. */
export async function rowsOf<Row>(client: ClientBase, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
  gather(client);
  if (parameters.length === 0) return lastOf(await client.query(sql)).rows as Row[];
  return (await client.query({ name: statementName(sql), text: sql, values: [...parameters] })).rows as Row[];
}

/** Several statements in one text give several results. */
const lastOf = (result: QueryResult | QueryResult[]): QueryResult => (Array.isArray(result) ? result.at(-1)! : result);

/** BEGIN, the work, COMMIT; a rollback when the work throws. Connections are pipelined: BEGIN travels with the first statement. */
export async function inTransaction<T>(client: ClientBase, work: (tx: Queryable) => Promise<T>): Promise<T> {
  gather(client);
  // READ COMMITTED is the default of the server; naming it would cost a round trip each time.
  const begun = client.query('BEGIN');
  // It is awaited before the commit; until then it must not count as unhandled.
  begun.catch(() => undefined);
  try {
    const result = await work({ query: (sql, parameters = []) => rowsOf(client, sql, parameters) });
    await begun;
    await commit(client);
    return result;
  } catch (error) {
    if (!isAway(error)) await rollback(client);
    throw error;
  }
}

/** The server answers COMMIT with ROLLBACK when a statement had failed, whatever became of its error. */
async function commit(client: ClientBase): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back: one of its statements had failed');
}

/** The first error is the one that tells; a rollback that fails means the connection is gone, and with it the transaction. */
async function rollback(client: ClientBase): Promise<void> {
  await client.query('ROLLBACK').catch((error: unknown) => new Logger('database').warn({ reason: messageOf(error) }, 'rollback.failed'));
}
