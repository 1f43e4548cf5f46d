import type { Fault, ResourceSet } from '@stellwerk/flows';

/** The resources in force; always a valid set, changed only as one whole. */
export class Resources {
  current(): ResourceSet {
    throw new Error('not loaded');
  }

  /** Called with each new set; gives the function that ends it. */
  onChange(listener: (set: ResourceSet) => void): () => void {
    return () => void listener;
  }

  /** Why the newest change was refused; undefined while files and set agree. */
  lastError(): Fault[] | undefined {
    return undefined;
  }
}
