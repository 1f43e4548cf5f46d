import { PermanentError } from '@stellwerk/service-kit';
import { NotReady } from './call.errors.js';

/** Services read a changed configuration within seconds of each other, and a secret's file may be away while it is replaced. */
const PATIENCE_MS = 10_000;
/** A fault nobody met for so long is a new one when it is met again. */
const FORGOTTEN_MS = 30_000;

interface Missing {
  since: number;
  last: number;
}

/** Tells what is missing for a moment from what is not there. */
export class Patience {
  readonly #missing = new Map<string, Missing>();

  /**
   * What `work` gives. Its PermanentError is a NotReady as long as it is new under that key.
   * @throws NotReady, later what `work` throws
   */
  async run<T>(key: string, work: () => T | Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#missing.delete(key);
      return result;
    } catch (error) {
      if (!(error instanceof PermanentError) || this.#isOver(key, performance.now())) throw error;
      throw new NotReady(error.message, { cause: error });
    }
  }

  #isOver(key: string, now: number): boolean {
    const known = this.#missing.get(key);
    const since = known && now - known.last < FORGOTTEN_MS ? known.since : now;
    this.#missing.set(key, { since, last: now });
    return now - since >= PATIENCE_MS;
  }
}
