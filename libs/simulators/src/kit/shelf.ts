import type { Table } from './store.js';

export interface ShelfRules<T> {
  keyOf: (row: T) => string | number;
  groupOf: (row: T) => string;
  hasEnded: (row: T) => boolean;
}

/** Rows that ended are forgotten beyond so many: GitHub shows no more of a search than 1,000, and memory ends. */
const KEPT = 100_000;
/** So many are looked at for one that comes in, so that room is made faster than it is taken. */
const LOOKED_AT = 8;

/** Runs of a platform by where they belong, newest first, without touching those that nobody asks for. */
export class Shelf<T> {
  private readonly groups = new Map<string, string[]>();
  private readonly all: string[] = [];
  /** Keys that the oldest-first search for ended rows has still to look at. */
  private oldest: IterableIterator<[string, T]>;

  constructor(
    private readonly table: Table<T>,
    private readonly rules: ShelfRules<T>,
    private readonly kept = KEPT,
  ) {
    for (const [key, row] of table.entries()) this.enter(key, row);
    this.oldest = table.entries();
  }

  get(key: string | number): T | undefined {
    return this.table.get(key);
  }

  put(row: T): T {
    const key = String(this.rules.keyOf(row));
    if (this.table.get(key) === undefined) {
      this.enter(key, row);
      this.makeRoom();
    }
    return this.table.put(key, row);
  }

  /** Takes a row out, ended or not. */
  remove(row: T): void {
    this.forget(String(this.rules.keyOf(row)), row);
  }

  /** Newest first; of one group, or all; with `isTooNew` from the first that is not. */
  *newest(group?: string, isTooNew?: (row: T) => boolean): Generator<T> {
    const keys = this.keysOf(group);
    const from = isTooNew ? this.firstOf(keys, isTooNew) : keys.length;
    for (let at = from - 1; at >= 0; at -= 1) yield this.table.get(keys[at]!)!;
  }

  /** Oldest first, from the first that is young enough. */
  *since(group: string, isYoung: (row: T) => boolean): Generator<T> {
    const keys = this.keysOf(group);
    for (let at = this.firstOf(keys, isYoung); at < keys.length; at += 1) yield this.table.get(keys[at]!)!;
  }

  /** How many are of a group. */
  count(group: string): number {
    return this.groups.get(group)?.length ?? 0;
  }

  /** In the order of their coming. */
  values(): T[] {
    return this.table.values();
  }

  private keysOf(group?: string): readonly string[] {
    return group === undefined ? this.all : (this.groups.get(group) ?? []);
  }

  /** Index of the first key whose row is young, as the rows stand in order of their age; their number where none is. */
  private firstOf(keys: readonly string[], isYoung: (row: T) => boolean): number {
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isYoung(this.table.get(keys[middle]!)!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private enter(key: string, row: T): void {
    const group = this.rules.groupOf(row);
    const keys = this.groups.get(group);
    if (keys) keys.push(key);
    else this.groups.set(group, [key]);
    this.all.push(key);
  }

  private makeRoom(): void {
    for (let looks = 0; looks < LOOKED_AT && this.table.size > this.kept; looks += 1) {
      const next = this.oldest.next();
      if (next.done) {
        this.oldest = this.table.entries();
        return;
      }
      const [key, row] = next.value;
      if (this.rules.hasEnded(row)) this.forget(key, row);
    }
  }

  private forget(key: string, row: T): void {
    this.table.delete(key);
    this.drop(this.groups.get(this.rules.groupOf(row))!, key);
    this.drop(this.all, key);
  }

  /** Nearly always among the first. */
  private drop(keys: string[], key: string): void {
    const at = keys.indexOf(key);
    if (at === 0) keys.shift();
    else keys.splice(at, 1);
  }
}
