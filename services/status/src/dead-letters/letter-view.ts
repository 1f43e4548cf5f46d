import type { DeadLetterView } from './dead-letter.response.js';
import type { LetterState } from './dead-letters.query.js';

/** A row of `dead_letters` as it is read. Numbers of type bigint come as text. */
export interface LetterRow {
  id: string;
  state: LetterState;
  stream: string;
  consumer: string;
  subject: string;
  reason: string;
  deliveries: number;
  message_id: string;
  sequence: string | null;
  content_type: string | null;
  bytes: number;
  preview: string | null;
  died_at: Date;
  todo: 'send' | 'erase' | null;
  replay: string | null;
  replayed_by: string | null;
  replayed_at: Date | null;
  sent_at: Date | null;
  purged_by: string | null;
  purged_at: Date | null;
  purge_reason: string | null;
  note: string | null;
}

export const LETTER_COLUMNS = `id, state, stream, consumer, subject, reason, deliveries, message_id, sequence, content_type, bytes, preview, died_at, todo,
  replay, replayed_by, replayed_at, sent_at, purged_by, purged_at, purge_reason, note`;

/** `bodies`: whether the caller may see what is confidential. */
export const letterView = (row: LetterRow, bodies: boolean): DeadLetterView => ({
  id: row.id, state: row.state, stream: row.stream, consumer: row.consumer, subject: row.subject, reason: row.reason, deliveries: row.deliveries,
  at: row.died_at.toISOString(), messageId: row.message_id, sequence: row.sequence === null ? null : Number(row.sequence),
  contentType: row.content_type, bytes: row.bytes, preview: bodies ? row.preview : null,
  replay: row.replay === null || !row.replayed_at ? null : {
    number: Number(row.replay), by: row.replayed_by ?? '', at: row.replayed_at.toISOString(), sentAt: row.sent_at?.toISOString() ?? null,
  },
  purge: row.purged_at ? { by: row.purged_by ?? '', at: row.purged_at.toISOString(), reason: row.purge_reason ?? '' } : null,
  note: row.note,
});
