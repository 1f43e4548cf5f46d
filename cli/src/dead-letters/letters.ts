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

export const pathOf = (id: string): string => `/api/dead-letters/${encodeURIComponent(id)}`;

/** As the API names it: the body of an order about many, and the filter of the list. */
export const selectionBody = ({ message, ...rest }: Selection): Record<string, string | undefined> => ({ ...rest, messageId: message });
