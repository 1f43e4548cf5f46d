import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { wholeNumber } from './api-command.js';
import type { StatusClient } from './status.client.js';

/** A list as the API gives it. */
export interface Listed<T> {
  items: T[];
  /** Cursor of what comes next; null at the end. */
  next: string | null;
}

export interface ListOptions {
  limit: number;
  cursor?: string;
}

/** Most that the API gives at once. */
const PAGE = 200;

/** `--limit` and `--cursor`. */
export const listing = (command: Command, limit: number): Command => command
  .option('--limit <number>', 'list at most so many', wholeNumber, limit)
  .option('--cursor <text>', 'go on from there: the "next" of the list before');

/** At most `limit` of what fits, page by page. Throws CommandFailed. */
export const listed = async <T>(client: StatusClient, path: string, filter: Record<string, string | undefined>, { limit, cursor }: ListOptions): Promise<Listed<T>> => {
  const items: T[] = [];
  let next = cursor ?? null;
  do {
    const page: Listed<T> = await client.get(path, { ...filter, limit: String(Math.min(PAGE, limit - items.length)), cursor: next ?? undefined });
    items.push(...page.items);
    next = page.next;
  } while (next !== null && items.length < limit);
  return { items, next };
};

interface Shown<T> {
  json?: boolean;
  /** Said of an empty list. */
  none: string;
  asTable: (items: T[]) => string[];
}

/** As the API gives it, or as rows; people are told on stderr that the list goes on, as the rows are for programs too. */
export const printList = <T>(list: Listed<T>, { json, none, asTable }: Shown<T>, terminal: Terminal): void => {
  const { items, next } = list;
  if (json) return terminal.out(JSON.stringify(list, null, 2));
  if (items.length === 0) return terminal.out(none);
  for (const line of asTable(items)) terminal.out(line);
  if (next !== null) terminal.err(`there are more than these ${items.length}: --limit shows more, --cursor ${next} goes on`);
};
