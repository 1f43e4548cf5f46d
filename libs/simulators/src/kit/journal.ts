import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { JournalEntry } from './types.js';

const CREDENTIALS = new Set(['authorization', 'private-token', 'cookie', 'set-cookie', 'x-gitlab-token', 'job-token']);

/** What a simulator was asked and what it said; on disk before anybody hears the answer, so that a kill cannot hide an effect. */
export class Journal {
  constructor(readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, '');
  }

  write(entry: JournalEntry): void {
    appendFileSync(this.file, `${JSON.stringify({ ...entry, headers: withoutCredentials(entry.headers) })}\n`);
  }

  read(): JournalEntry[] {
    return jsonLines<JournalEntry>(readFileSync(this.file, 'utf8'));
  }
}

/** Lines that are whole; a kill in the middle of a write leaves at most one that is not. */
export const jsonLines = <T>(text: string): T[] =>
  text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as T];
    } catch {
      return [];
    }
  });

const withoutCredentials = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, CREDENTIALS.has(name) ? '***' : value]));
