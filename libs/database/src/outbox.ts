import { traceHeaders, type TraceHeaders } from '@stellwerk/service-kit';
import type { Queryable } from './queryable.js';

export interface OutboxMessage {
  /** Message id; what stands before its first colon is the key within which order is kept (the run, the connection). */
  id: string;
  subject: string;
  body: string;
  headers: Record<string, string>;
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

/**
 * Puts messages into the outbox, in the transaction that decided them; they are published in this order after the
 * commit. `trace` is the parent of their publish spans; default the active span.
 */
export async function enqueue(tx: Queryable, messages: OutboxMessage[], trace: TraceHeaders = traceHeaders()): Promise<void> {
  if (messages.length === 0) return;
  const rows = messages.map((message) => ({ key: keyOf(message.id), message_id: message.id, subject: message.subject, body: message.body, headers: message.headers }));
  await tx.query(
    `INSERT INTO outbox (key, message_id, subject, body, headers, trace)
     SELECT row->>'key', row->>'message_id', row->>'subject', row->>'body', row->'headers', $2::jsonb
     FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS rows(row, n) ORDER BY n`,
    [JSON.stringify(rows), JSON.stringify(trace)],
  );
}
