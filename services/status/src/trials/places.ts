/** So many at once; of those that come meanwhile so many wait for their turn, in order. */
export class Places {
  #free: number;
  readonly #line: (() => void)[] = [];

  constructor(places: number, private readonly mostWaiting: number) {
    this.#free = places;
  }

  /**
   * Waits for a place; gives what leaves it, or undefined when too many wait already.
   * Rejects with the reason of `signal` when that is over before: then no place was taken.
   */
  async take(signal: AbortSignal): Promise<(() => void) | undefined> {
    signal.throwIfAborted();
    if (this.#free === 0 && this.#line.length >= this.mostWaiting) return undefined;
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#leave();
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const give = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#line.splice(this.#line.indexOf(give), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#line.push(give);
    });
  }

  #leave(): void {
    const next = this.#line.shift();
    if (next) next();
    else this.#free += 1;
  }
}
