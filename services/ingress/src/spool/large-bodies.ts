import { Injectable } from '@nestjs/common';

/** From this size on a body counts as large, in bytes. */
export const LARGE = 1_024 ** 2;

/** Eight of the largest there are, or hundreds of those that platforms do send now and then. */
const ROOM = 208 * 1_024 ** 2;

/** Gives the place back. */
export type Leave = () => void;

interface Waiting {
  readonly bytes: number;
  readonly enter: (leave: Leave) => void;
}

/**
 * How much of large bodies this process holds at a time, read from senders, who may be anybody, or from the database.
 * Whoever finds no room waits, one behind the other; nothing of it is in memory meanwhile.
 */
@Injectable()
export class LargeBodies {
  readonly #waiting = new Set<Waiting>();
  #held = 0;

  /** Room for so many bytes, as soon as there is; undefined when there was none for `ms`. */
  async place(bytes: number, ms: number): Promise<Leave | undefined> {
    if (this.#waiting.size === 0 && this.#fits(bytes)) return this.#enter(bytes);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting);
        resolve(undefined);
        this.#next();
      }, ms);
      const enter = (leave: Leave): void => {
        clearTimeout(timer);
        resolve(leave);
      };
      const waiting: Waiting = { bytes, enter };
      this.#waiting.add(waiting);
    });
  }

  /** One alone may be of any size. */
  #fits(bytes: number): boolean {
    return this.#held === 0 || this.#held + bytes <= ROOM;
  }

  #enter(bytes: number): Leave {
    this.#held += bytes;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#held -= bytes;
      this.#next();
    };
  }

  #next(): void {
    for (const waiting of this.#waiting) {
      if (!this.#fits(waiting.bytes)) return;
      this.#waiting.delete(waiting);
      waiting.enter(this.#enter(waiting.bytes));
    }
  }
}
