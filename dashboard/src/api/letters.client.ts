import { request } from './client.js';
import type { Page } from './run.js';

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
  bytes: number;
  preview: string | null;
  replay: { number: number; by: string; at: string; sentAt: string | null } | null;
  purge: { by: string; at: string; reason: string } | null;
  note: string | null;
}

export type LetterState = DeadLetter['state'];

export interface LetterAnswer {
  detail: string;
  letter: DeadLetter;
}

export const listLetters = (state: LetterState, cursor?: string): Promise<Page<DeadLetter>> =>
  request(`/api/dead-letters?${new URLSearchParams({ state, ...(cursor && { cursor }) })}`);

const order = (id: string, what: string, body: object): Promise<LetterAnswer> =>
  request(`/api/dead-letters/${encodeURIComponent(id)}/${what}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export const replayLetter = (id: string): Promise<LetterAnswer> => order(id, 'replay', {});

export const purgeLetter = (id: string, reason: string): Promise<LetterAnswer> => order(id, 'purge', { reason });
