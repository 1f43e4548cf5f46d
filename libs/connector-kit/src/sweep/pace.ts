import { sleep } from '@stellwerk/service-kit';

/** Whoever waits looks so often whether it is to end. */
const SLICE_MS = 500;

/** Spaces calls out: each takes the next free moment, and says how far the one after it has to be. */
export class Pace {
  #next = 0;

  /** `gapMs`: the least time from now on between two calls. */
  constructor(
    private readonly gapMs: () => number,
    private readonly now: () => number = Date.now,
  ) {}

  /** When the next call may be made, ms since 1970. */
  get next(): number {
    return Math.max(this.#next, this.now());
  }

  /** Takes the next moment. @returns ms from now to wait for it; undefined when it comes after `until`, and is not taken */
  take(until: number): number | undefined {
    const { next } = this;
    if (next > until) return undefined;
    this.#next = next + this.gapMs();
    return next - this.now();
  }

  /** Waits for the next moment. @returns false when it comes after the turn's end, which may have been brought forward meanwhile */
  async wait(turn: { readonly until: number }): Promise<boolean> {
    const ms = this.take(turn.until);
    if (ms === undefined) return false;
    for (let left = ms; left > 0; left -= SLICE_MS) {
      if (turn.until === 0) return false;
      await sleep(Math.min(left, SLICE_MS));
    }
    return true;
  }
}
