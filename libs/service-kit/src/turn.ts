/** One turn of the event loop: what many sockets brought in at the same time is handled in it, one after the other. */
export class Turn {
  #end?: Promise<void>;

  /** Resolves when everything that had come in has been looked at, for all who wait at once. */
  end(): Promise<void> {
    this.#end ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#end = undefined;
        resolve();
      });
    });
    return this.#end;
  }
}
