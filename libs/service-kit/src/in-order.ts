/** Runs work of one key in the order it was given, one after the other; work of other keys does not wait. */
export class InOrder {
  readonly #last = new Map<string, Promise<void>>();

  /** What `work` gives. A failure of the work before it changes nothing. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const done = result.then(() => undefined, () => undefined).finally(() => {
      if (this.#last.get(key) === done) this.#last.delete(key);
    });
    this.#last.set(key, done);
    return result;
  }

  /** Keys that have work open. */
  get size(): number {
    return this.#last.size;
  }
}
