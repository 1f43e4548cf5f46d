import { slotId, type Place, type SlotName } from '@stellwerk/flows';

/** What became of a place: as it is now; without `place` it is given back. */
export interface PlaceChange {
  run: string;
  step?: string;
  place?: Place;
}

const keyOf = ({ run, step = '' }: { run: string; step?: string }): string => `${run} ${step}`;

/** The slots of one transaction: those that it has its hand on, and the places that it takes, asks for and gives back. */
export class SlotsAtHand {
  readonly #seen = new Map<string, readonly Place[]>();
  readonly #changes = new Map<string, PlaceChange>();
  readonly #unseen = new Set<string>();

  /** A slot that is locked, with all places in it in the order of coming. */
  load(slot: SlotName, places: readonly Place[]): void {
    this.#seen.set(slotId(slot), places);
  }

  has(slot: SlotName): boolean {
    return this.#seen.has(slotId(slot));
  }

  /** As they are now; undefined when the slot is not locked. */
  places(slot: SlotName): Place[] | undefined {
    const id = slotId(slot);
    const before = this.#seen.get(id);
    if (!before) return undefined;
    const now = [...this.#changes.values()].flatMap(({ place }) => (place && slotId(place) === id ? [place] : []));
    return [...before.filter((place) => !this.#changes.has(keyOf(place))), ...now];
  }

  put(place: Place): void {
    const key = keyOf(place);
    // A later one comes behind all others.
    this.#changes.delete(key);
    this.#changes.set(key, { run: place.run, step: place.step, place });
  }

  free(run: string, step: string | undefined): void {
    this.#changes.set(keyOf({ run, step }), { run, step });
  }

  /** Somebody waits there without having seen who is in it. */
  unseen(slot: SlotName): void {
    this.#unseen.add(slotId(slot));
  }

  isUnseen(slot: SlotName): boolean {
    return this.#unseen.has(slotId(slot));
  }

  /** In the order in which they were made. */
  get changes(): readonly PlaceChange[] {
    return [...this.#changes.values()];
  }
}
