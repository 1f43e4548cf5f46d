import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppendFile } from './append-file.js';
import { jsonLines } from './journal.js';

interface Change {
  table: string;
  key: string;
  /** Absent: deleted. */
  value?: unknown;
}

/** The file is rewritten with what is left in it when it has grown by so much. */
const COMPACT_BYTES = 256 * 1024 * 1024;

/** The memory of a simulator: every change is one line on disk, so that after a SIGKILL runs and ids are as they were. */
export class Store {
  private readonly tables = new Map<string, Map<string, unknown>>();
  private readonly lines: AppendFile;

  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    if (existsSync(file)) this.load();
    this.compact();
    this.lines = new AppendFile(file);
  }

  table<T>(name: string): Table<T> {
    return new Table<T>(this.rows(name) as Map<string, T>, (key, value) => this.append({ table: name, key, value }));
  }

  /** 1, 2, 3 … over restarts. */
  next(counter: string, start = 1): number {
    const counters = this.table<number>('counters');
    const value = (counters.get(counter) ?? start - 1) + 1;
    counters.put(counter, value);
    return value;
  }

  /** Resolves when every change so far is on disk. */
  saved(): Promise<void> {
    return this.lines.saved();
  }

  close(): void {
    this.lines.close();
  }

  private rows(name: string): Map<string, unknown> {
    const rows = this.tables.get(name) ?? new Map<string, unknown>();
    this.tables.set(name, rows);
    return rows;
  }

  private append(change: Change): void {
    if (this.lines.bytes > COMPACT_BYTES) {
      this.lines.flush();
      this.compact();
      this.lines.reopen();
    }
    this.lines.add(JSON.stringify(change));
  }

  private load(): void {
    for (const { table, key, value } of jsonLines<Change>(readFileSync(this.file, 'utf8'))) {
      if (value === undefined) this.rows(table).delete(key);
      else this.rows(table).set(key, value);
    }
  }

  /** Only the last value of each key is worth keeping. */
  private compact(): void {
    const lines = [...this.tables].flatMap(([table, rows]) => [...rows].map(([key, value]) => JSON.stringify({ table, key, value })));
    writeFileSync(`${this.file}.new`, lines.map((line) => `${line}\n`).join(''));
    renameSync(`${this.file}.new`, this.file);
  }
}

export class Table<T> {
  constructor(
    private readonly rows: Map<string, T>,
    private readonly write: (key: string, value?: T) => void,
  ) {}

  get size(): number {
    return this.rows.size;
  }

  get(key: string | number): T | undefined {
    return this.rows.get(String(key));
  }

  put(key: string | number, value: T): T {
    this.write(String(key), value);
    this.rows.set(String(key), value);
    return value;
  }

  delete(key: string | number): void {
    this.write(String(key));
    this.rows.delete(String(key));
  }

  /** In the order of first entry. */
  values(): T[] {
    return [...this.rows.values()];
  }

  /** The same without making a list of all. */
  entries(): IterableIterator<[string, T]> {
    return this.rows.entries();
  }
}
