import type { StatusClient } from '../api/status.client.js';

/** As `GET /api/dead-letters` gives it. */
export interface DeadLetter {
  id: string;
  state: 'open' | 'replayed' | 'purged';
  stream: string;
  consumer: string;
  subject: string;
  reason: string;
  deliveries: number;
  at: string;
  messageId: string;
  sequence: number | null;
  contentType: string | null;
  bytes: number;
  preview: string | null;
  replay: { number: number; by: string; at: string; sentAt: string | null } | null;
  purge: { by: string; at: string; reason: string } | null;
  note: string | null;
}

export interface LetterOrder {
  detail: string;
  duplicate: boolean;
  letter: DeadLetter;
}

export interface LettersOrder {
  detail: string;
  matched: number;
  replay: number | null;
}

/** Which letters; texts as they were given. */
export interface Selection {
  stream?: string;
  consumer?: string;
  message?: string;
  since?: string;
  until?: string;
}

interface Page {
  items: DeadLetter[];
  next: string | null;
}

const PAGE = 200;

export const pathOf = (id: string): string => `/api/dead-letters/${encodeURIComponent(id)}`;

/** The body of an order about many. */
export const selectionBody = ({ message, ...rest }: Selection): Record<string, string | undefined> => ({ ...rest, messageId: message });

/** At most `limit` letters, newest first. `more`: there are others. */
export const listLetters = async (
  client: StatusClient, selection: Selection & { state?: string }, limit: number,
): Promise<{ items: DeadLetter[]; more: boolean }> => {
  const { message, ...filter } = selection;
  const items: DeadLetter[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.get<Page>('/api/dead-letters', { ...filter, messageId: message, cursor, limit: String(Math.min(PAGE, limit - items.length)) });
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && items.length < limit);
  return { items, more: cursor !== undefined };
};
