import { compareCursors, type ChangeCursor } from './change-cursor.js';
import type { RunChange } from './changes.repository.js';

/** The last changes in memory: everything between `start` and `head`, for readers that keep up. */
export class ChangeWindow {
  head: ChangeCursor;
  private changes: RunChange[] = [];

  constructor(private start: ChangeCursor, private readonly size: number) {
    this.head = start;
  }

  add(found: RunChange[]): void {
    this.head = found.at(-1)?.cursor ?? this.head;
    this.changes.push(...found);
    const dropped = this.changes.splice(0, Math.max(0, this.changes.length - this.size));
    this.start = dropped.at(-1)?.cursor ?? this.start;
  }

  /** What came behind `place`; undefined when the window does not reach back so far. */
  behind(place: ChangeCursor): RunChange[] | undefined {
    if (compareCursors(place, this.start) < 0) return undefined;
    return this.changes.filter((change) => compareCursors(change.cursor, place) > 0);
  }
}
