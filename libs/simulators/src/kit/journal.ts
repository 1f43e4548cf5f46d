import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppendFile } from './append-file.js';
import type { JournalEntry } from './types.js';

const CREDENTIALS = new Set(['authorization', 'private-token', 'cookie', 'set-cookie', 'x-gitlab-token', 'job-token']);

/** What a simulator was asked and what it said; on disk before anybody hears the answer, so that a kill cannot hide an effect. */
export class Journal {
  private readonly lines: AppendFile;

  /** `hookBodies`: whether what hooks said is kept too; a million of them fill a disk. */
  constructor(
    readonly file: string,
    private readonly hookBodies = true,
  ) {
    mkdirSync(dirname(file), { recursive: true });
    this.lines = new AppendFile(file);
  }

  write(entry: JournalEntry): void {
    const body = entry.kind === 'hook' && !this.hookBodies ? undefined : entry.body;
    this.lines.add(JSON.stringify({ ...entry, body, headers: withoutCredentials(entry.headers) }));
  }

  /** Resolves when what was written is on disk. */
  saved(): Promise<void> {
    return this.lines.saved();
  }

  read(): JournalEntry[] {
    this.lines.flush();
    return jsonLines<JournalEntry>(readFileSync(this.file, 'utf8'));
  }

  close(): void {
    this.lines.close();
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

const withoutCredentials = (headers: Record<string, string>): Record<string, string> => {
  const shown: Record<string, string> = {};
  for (const name in headers) shown[name] = CREDENTIALS.has(name) ? '***' : headers[name]!;
  return shown;
};
