import { Injectable } from '@nestjs/common';
import type { Release } from '../calls/semaphore.js';

/** Dispatches of one lane go one after the other: within this process by waiting here, over replicas by the table. */
@Injectable()
export class LaneQueue {
  /** Who waits behind the one that is in the lane. */
  readonly #lanes = new Map<string, (() => void)[]>();

  /** The lane for oneself; undefined when it does not get free within the time, or `most` wait already. */
  async enter(lane: string, { waitMs, most }: { waitMs: number; most: number }): Promise<Release | undefined> {
    const waiting = this.#lanes.get(lane);
    if (!waiting) this.#lanes.set(lane, []);
    else if (waiting.length >= most || !(await this.#wait(waiting, waitMs))) return undefined;
    return () => this.#leave(lane);
  }

  #wait(waiting: (() => void)[], waitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(enter), 1);
        resolve(false);
      }, waitMs);
      waiting.push(enter);
    });
  }

  #leave(lane: string): void {
    const next = this.#lanes.get(lane)?.shift();
    if (next) next();
    else this.#lanes.delete(lane);
  }
}
