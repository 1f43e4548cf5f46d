import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** One child of the supervisor. */
export interface ProcessEntry {
  name: string;
  pid: number;
  /** When it began, so that a number used again is not taken for it. */
  identity: string;
  /** Port of /healthz, /readyz and /metrics; null for one that has none. */
  managementPort: number | null;
  /** How often it was started since `npm start`. */
  starts: number;
  ready: boolean;
}

/** `processes.json` in the data folder: what runs, for tests, for people, and for the next start after a crash of this one. */
export class ProcessTable {
  readonly #file: string;
  readonly #entries = new Map<string, ProcessEntry>();

  constructor(file: string) {
    this.#file = file;
  }

  /** What an earlier supervisor left; empty when it ended in order. */
  static read(file: string): ProcessEntry[] {
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as ProcessEntry[] : [];
  }

  set(entry: ProcessEntry): void {
    this.#entries.set(entry.name, entry);
    this.#write();
  }

  update(name: string, change: Partial<ProcessEntry>): void {
    const entry = this.#entries.get(name);
    if (entry) this.set({ ...entry, ...change });
  }

  remove(name: string): void {
    this.#entries.delete(name);
    this.#write();
  }

  // Renamed into place: a reader never sees half a file.
  #write(): void {
    const next = `${this.#file}.next`;
    writeFileSync(next, `${JSON.stringify([...this.#entries.values()], null, 2)}\n`);
    renameSync(next, this.#file);
  }
}
