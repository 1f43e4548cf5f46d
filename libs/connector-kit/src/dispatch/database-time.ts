import { Injectable } from '@nestjs/common';

/** A difference of clocks that was not seen again for so long is not believed any more. */
const BELIEVED_MS = 30_000;

/** The database's time: with replicas' clocks half a minute apart, a run slow to show would be taken for absent and started twice. */
@Injectable()
export class DatabaseTime {
  #aheadMs = 0;
  #learntAt = -Infinity;

  /** `at`: what the database's clock has just said. On its way it only grows older, so that the greatest difference is the truest. */
  learn(at: Date): void {
    const aheadMs = at.getTime() - Date.now();
    const now = performance.now();
    if (aheadMs < this.#aheadMs && now - this.#learntAt < BELIEVED_MS) return;
    this.#aheadMs = aheadMs;
    this.#learntAt = now;
  }

  now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }

  /** A time of this process's clock on the database's. */
  there(at: Date): Date {
    return new Date(at.getTime() + this.#aheadMs);
  }

  /** A time of the database on this process's clock, ms since 1970. */
  here(at: Date): number {
    return at.getTime() - this.#aheadMs;
  }
}
