import { Logger } from '@nestjs/common';
import type { Fault, ResourceSet } from '@stellwerk/flows';

type Listener = (set: ResourceSet) => void;

/** The resources in force: always a valid set, changed only as one whole. */
export class Resources {
  readonly #log = new Logger('config');
  readonly #listeners = new Set<Listener>();
  #refused: Fault[] | undefined;

  constructor(private set: ResourceSet) {}

  current(): ResourceSet {
    return this.set;
  }

  /** Called with each new set; gives the function that ends it. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Why the newest change was refused; undefined while files and set agree. */
  lastError(): Fault[] | undefined {
    return this.#refused;
  }

  /** Puts a valid set in force. */
  replace(set: ResourceSet): void {
    this.#refused = undefined;
    if (set.revision === this.set.revision) return;
    this.set = set;
    for (const listener of this.#listeners) this.#tell(listener);
  }

  /** Keeps the set in force, and why the files are not. */
  refuse(faults: Fault[]): void {
    this.#refused = faults;
  }

  /** One listener's failure must not keep the change from the others. */
  #tell(listener: Listener): void {
    try {
      listener(this.set);
    } catch (error) {
      this.#log.error({ err: error }, 'config.listener-failed');
    }
  }
}
