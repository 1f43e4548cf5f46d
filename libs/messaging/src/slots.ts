/** Counts what is being handled, so that no more is pulled than can be begun at once. */
export class Slots {
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(readonly size: number) {}

  get free(): number {
    return this.size - this.#taken;
  }

  get taken(): number {
    return this.#taken;
  }

  take(): void {
    this.#taken += 1;
  }

  release(): void {
    this.#taken -= 1;
    this.wake();
  }

  /** Resolves at the next release or wake, at once when something is free. */
  whenFree(): Promise<void> {
    return this.free > 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.add(resolve));
  }

  wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
