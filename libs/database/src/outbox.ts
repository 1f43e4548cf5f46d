import type { TraceHeaders } from '@stellwerk/service-kit';
import type { Queryable } from './database.js';

export interface OutboxMessage {
  id: string;
  subject: string;
  body: string;
  headers: Record<string, string>;
}

export const outboxTable = (): string[] => [];

export async function enqueue(_tx: Queryable, _messages: OutboxMessage[], _trace?: TraceHeaders): Promise<void> {
  throw new Error('not yet');
}
