import type { Queryable } from './queryable.js';

/** Spreads the index of a table that keeps each key for months. */
const PARTITIONS = 8;

/** How long a key is kept; the guarantee against a second start has no shorter window. */
export const INBOX_DAYS = 90;

/** The statements that make the inbox; for a service's first migration. */
export const inboxTable = (): string[] => [
  `CREATE TABLE inbox (
    consumer text NOT NULL,
    message_id text NOT NULL,
    taken_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, message_id)
  ) PARTITION BY HASH (consumer, message_id)`,
  ...Array.from({ length: PARTITIONS }, (_, part) =>
    `CREATE TABLE inbox_${part} PARTITION OF inbox FOR VALUES WITH (MODULUS ${PARTITIONS}, REMAINDER ${part})`),
  'CREATE INDEX inbox_taken_at ON inbox USING brin (taken_at)',
];

/**
 * Marks messages as taken, in the transaction that does their work; gives the ids of those that were not taken before.
 * A second taker waits until the first transaction ended.
 */
export async function takeNew(tx: Queryable, consumer: string, messageIds: readonly string[]): Promise<Set<string>> {
  // In one order, else two takers of the same messages could wait for each other.
  const rows = await tx.query<{ id: string }>(
    'INSERT INTO inbox (consumer, message_id) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING RETURNING message_id AS id',
    [consumer, [...new Set(messageIds)].sort()],
  );
  return new Set(rows.map(({ id }) => id));
}

/** `takeNew` for one message. False: it was taken before. */
export const takeOnce = async (tx: Queryable, consumer: string, messageId: string): Promise<boolean> =>
  (await takeNew(tx, consumer, [messageId])).size === 1;

/** Deletes up to `batch` keys older than `days`. Gives how many went; call again while it is `batch`. */
export async function forgetOld(tx: Queryable, { days = INBOX_DAYS, batch = 5_000 }: { days?: number; batch?: number } = {}): Promise<number> {
  const rows = await tx.query(
    `DELETE FROM inbox WHERE (consumer, message_id) IN
       (SELECT consumer, message_id FROM inbox WHERE taken_at < now() - make_interval(days => $1) LIMIT $2) RETURNING 1`,
    [days, batch],
  );
  return rows.length;
}
