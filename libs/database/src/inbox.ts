import type { Queryable } from './database.js';

export const inboxTable = (): string[] => [];

export async function takeOnce(_tx: Queryable, _consumer: string, _messageId: string): Promise<boolean> {
  throw new Error('not yet');
}
