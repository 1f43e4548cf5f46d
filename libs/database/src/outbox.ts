import { traceHeaders, type TraceHeaders } from '@stellwerk/service-kit';
import type { Queryable } from './queryable.js';

export interface OutboxMessage {
  /** Message id; what stands before its first colon is the key within which order is kept (the run, the connection). */
  id: string;
  subject: string;
  body: string;
  headers: Record<string, string>;
  /** Parent of its publish span. */
  trace?: TraceHeaders;
}

/** A message in the outbox. */
export interface OutboxRow extends OutboxMessage {
  /** Place in the order. */
  row: string;
  key: string;
}

/** Who publishes what is put in, and for how long nobody else does. */
export interface Lease {
  owner: string;
  ms: number;
}

/** The statements that make the outbox; for a service's first migration. */
export const outboxTable = (): string[] => [
  `CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL,
    message_id text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    headers jsonb NOT NULL,
    trace jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    leased_until timestamptz NOT NULL DEFAULT '-infinity',
    leased_by text,
    refused_at timestamptz,
    refused_reason text
  )`,
  'CREATE INDEX outbox_key ON outbox (key, id)',
];

const keyOf = (messageId: string): string => messageId.split(':', 1)[0]!;

/** A message gets the lease unless an earlier one of its key waits for somebody else: it must not overtake. */
const PUT = `
  INSERT INTO outbox (key, message_id, subject, body, headers, trace, leased_by, leased_until)
  SELECT key, message_id, subject, body, headers, trace, CASE WHEN free THEN $2 END,
    CASE WHEN free THEN clock_timestamp() + make_interval(secs => $3) ELSE '-infinity' END
  FROM (
    SELECT new.*, $2::text IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM outbox e WHERE e.key = new.key AND e.refused_at IS NULL AND (e.leased_by IS DISTINCT FROM $2 OR e.leased_until < clock_timestamp())) AS free
    FROM json_to_recordset($1::json) AS new(n int, key text, message_id text, subject text, body text, headers jsonb, trace jsonb)
  ) AS rows ORDER BY n
  RETURNING id, leased_by IS NOT NULL AS leased`;

interface Put {
  id: string;
  leased: boolean;
}

/** Puts messages into the outbox; gives those on which the lease was got, in order. */
export async function put(tx: Queryable, messages: readonly OutboxMessage[], lease?: Lease): Promise<OutboxRow[]> {
  if (messages.length === 0) return [];
  const active = traceHeaders();
  const rows = messages.map((message) => ({ ...message, key: keyOf(message.id), trace: message.trace ?? active }));
  const placed = await tx.query<Put>(PUT, [
    JSON.stringify(rows.map(({ key, id, subject, body, headers, trace }, n) => ({ n, key, message_id: id, subject, body, headers, trace }))),
    lease?.owner ?? null, (lease?.ms ?? 0) / 1_000,
  ]);
  // Places are given in the order of the messages, whatever the order in which the server tells them.
  placed.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  return rows.flatMap((row, at) => (placed[at]!.leased ? [{ ...row, row: placed[at]!.id }] : []));
}

/**
 * Puts messages into the outbox, in the transaction that decided them; a relay's `flush` or sweep publishes them in
 * this order after the commit. `trace` is the parent of their publish spans; default the active span.
 * `OutboxRelay.enqueue` is cheaper where the same process publishes.
 */
export async function enqueue(tx: Queryable, messages: readonly OutboxMessage[], trace?: TraceHeaders): Promise<void> {
  await put(tx, trace === undefined ? messages : messages.map((message) => ({ trace, ...message })));
}
