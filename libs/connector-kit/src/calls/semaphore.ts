/** Gives back what was taken. */
export type Release = () => void;

/** Bounds the calls in flight; those beyond wait in order. */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(slots: number) {
    this.#free = slots;
  }

  get free(): number {
    return this.#free;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#take();
    try {
      return await work();
    } finally {
      this.#give();
    }
  }

  /** A slot to hold for longer than one call. Undefined when none gets free within the time, or `most` wait already. */
  async reserve({ waitMs, most }: { waitMs: number; most: number }): Promise<Release | undefined> {
    if (this.#free === 0 && this.#waiting.length >= most) return undefined;
    if (this.#free > 0) await this.#take();
    else if (!(await this.#takeWithin(waitMs))) return undefined;
    return () => this.#give();
  }

  #takeWithin(waitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const got = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(got), 1);
        resolve(false);
      }, waitMs);
      this.#waiting.push(got);
    });
  }

  async #take(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #give(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}
