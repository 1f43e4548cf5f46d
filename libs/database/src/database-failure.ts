import { RetryableError, StoreAwayError, messageOf } from '@stellwerk/service-kit';

/** Classes and codes of PostgreSQL that say: not now, whatever is asked. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const AWAY_CODES = [
  '57P01', '57P02', '57P03', // shutting down, crashed, starting up
  '53100', '53200', '53300', // disk full, out of memory, too many connections
  '25006', // read-only: a standby that is being promoted
];
const AWAY_CLASS = '08';

const SOCKET_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** The driver gives these no code. */
const AWAY_TEXT = /connection terminated|timeout exceeded when trying to connect|not queryable|connection error|query read timeout|cannot use a pool after/i;

/** Two transactions got into each other's way: the same work succeeds when done again. */
const CONFLICT_CODES = ['40001', '40P01'];

/** The driver's own error below TypeORM's, which only migrations have. */
const driverError = (error: unknown): unknown => (error instanceof Error && 'driverError' in error ? error.driverError : error);

const codeOf = (error: unknown): string | undefined => {
  const inner = driverError(error);
  // Several addresses of one host give several errors.
  const first = inner instanceof AggregateError ? (inner.errors[0] as unknown) : inner;
  const code = (first as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
};

/** True when not this statement but the database is the trouble. */
export function isAway(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return code.startsWith(AWAY_CLASS) || AWAY_CODES.includes(code) || SOCKET_CODES.includes(code);
  return AWAY_TEXT.test(messageOf(driverError(error)));
}

/** A migration changed a table since this connection prepared the statement; a new connection prepares it anew. */
export const isStalePlan = (error: unknown): boolean =>
  codeOf(error) === '0A000' && /cached plan must not change result type/.test(messageOf(driverError(error)));

export const isConflict = (error: unknown): boolean => CONFLICT_CODES.includes(codeOf(error) ?? '') || isStalePlan(error);

/** True when the statement was refused by a unique key. */
export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === '23505';

/** The error a caller gets: StoreAwayError for a database that is away, RetryableError for a lost conflict, else the error itself. */
export function translated(error: unknown): unknown {
  if (error instanceof RetryableError) return error;
  if (isAway(error)) return new StoreAwayError(`the database is away: ${messageOf(driverError(error))}`, { cause: error });
  if (isConflict(error)) return new RetryableError(`the transaction lost against others: ${messageOf(error)}`, { cause: error });
  return error;
}
