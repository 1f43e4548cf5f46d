import { connect } from 'node:net';
import pg from 'pg';

/** Checks once; throws with the reason. Waits at most `timeoutMs` for the server's greeting. */
export const checkNats = (host: string, port: number, timeoutMs = 2_000): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const done = (error?: Error): void => {
      socket.destroy();
      if (error) reject(error);
      else resolve();
    };
    socket.setTimeout(timeoutMs, () => done(new Error(`no answer within ${timeoutMs} ms`)));
    socket.once('error', done);
    socket.once('close', () => done(new Error('the connection was closed')));
    // https://docs.nats.io/reference/reference-protocols/nats-protocol#info: the server speaks first.
    socket.once('data', (chunk) => done(chunk.toString('latin1').startsWith('INFO ') ? undefined : new Error('something else than NATS answers there')));
  });

/** Checks once that a query is answered; throws with the reason. */
export const checkPostgres = async (url: string, timeoutMs = 2_000): Promise<void> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs });
  // A connection that breaks between two awaits would otherwise end the process as an unhandled event.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end();
  }
};

const AGAIN_MS = 50;

/** Repeats `check` until it passes; the last reason is in the error when the time is over or `giveUp` says so. */
export const untilReachable = async (
  check: () => Promise<void>, what: string, timeoutMs: number, giveUp: () => string | undefined = () => undefined,
): Promise<void> => {
  const until = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      const reason = giveUp() ?? (Date.now() > until ? `not reachable within ${timeoutMs / 1000} s: ${describe(error)}` : undefined);
      if (reason) throw new Error(`${what}: ${reason}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
};

const describe = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message || error.name : String(error);
};
