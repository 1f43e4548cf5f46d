import type { AwaitedEvent, EventContext } from '@stellwerk/flows';
import { digestOf, digestsOf, type KeyTemplate } from './awaited-digest.js';
import type { NewWait, Waiting } from './event-waits.repository.js';
import type { WaitGap } from './wait-gaps.repository.js';

/** What runs wait for, as far as one transaction has to do with it. */
export class WaitsAtHand {
  #templates: readonly KeyTemplate[] = [];
  readonly #runs = new Map<string, Set<string>>();
  readonly #begun = new Map<string, NewWait[]>();
  readonly #over = new Set<string>();
  readonly #from = new Map<string, number>();

  /** Gives the digests of these events, by which they are to be looked for. */
  know(templates: readonly KeyTemplate[], events: readonly EventContext[]): string[] {
    this.#templates = templates;
    return events.flatMap((event) => digestsOf(event, templates));
  }

  load(waiting: readonly Waiting[]): void {
    for (const { digest, run } of waiting) this.#add(digest, run);
  }

  begin(run: string, awaited: readonly AwaitedEvent[]): void {
    this.#over.delete(run);
    this.#begun.set(run, [...(this.#begun.get(run) ?? []), ...awaited.map((one) => ({ ...one, run }))]);
    for (const one of awaited) this.#add(digestOf(one), run);
  }

  /** Runs that have just begun to wait do so from this place in the stream on. */
  heardFrom(sequence: number): void {
    for (const run of this.#begun.keys()) if (!this.#from.has(run)) this.#from.set(run, sequence);
  }

  end(run: string): void {
    this.#begun.delete(run);
    this.#from.delete(run);
    this.#over.add(run);
  }

  /** Ids of runs that may wait for the event; whether it fits them is theirs to say. */
  for(event: EventContext): string[] {
    if (this.#runs.size === 0) return [];
    const runs = digestsOf(event, this.#templates).flatMap((digest) => [...(this.#runs.get(digest) ?? [])]);
    return [...new Set(runs)].filter((run) => !this.#over.has(run));
  }

  get begun(): NewWait[] {
    return [...this.#begun.values()].flat();
  }

  /** Where runs that began to wait by a message have to look for what was handled before they were there. */
  get gaps(): WaitGap[] {
    return [...this.#from].map(([run, from]) => ({ run, from }));
  }

  get over(): string[] {
    return [...this.#over];
  }

  #add(digest: string, run: string): void {
    const runs = this.#runs.get(digest) ?? new Set<string>();
    this.#runs.set(digest, runs.add(run));
  }
}
