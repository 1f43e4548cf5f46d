import type { JoinRecord } from '@stellwerk/flows';

/** An event that should not stay away has come. */
export interface Sighting {
  flow: string;
  /** `Absence.id`. */
  id: string;
  at: Date;
  dueAt: Date;
}

/** Joins and absences, as far as one transaction has to do with them. */
export class TriggersAtHand {
  readonly #joins = new Map<string, JoinRecord>();
  readonly #changed = new Set<string>();
  readonly #sightings = new Map<string, Sighting>();

  /** Joins that are locked. */
  load(joins: readonly JoinRecord[]): void {
    for (const join of joins) this.#joins.set(join.id, join);
  }

  join(id: string): JoinRecord | undefined {
    return this.#joins.get(id);
  }

  get joins(): readonly JoinRecord[] {
    return [...this.#joins.values()];
  }

  change(join: JoinRecord): void {
    this.#joins.set(join.id, join);
    this.#changed.add(join.id);
  }

  get changed(): JoinRecord[] {
    return [...this.#changed].map((id) => this.#joins.get(id)!);
  }

  /** Of several of one absence the last one counts. */
  saw(sighting: Sighting): void {
    const key = `${sighting.flow} ${sighting.id}`;
    const known = this.#sightings.get(key);
    if (!known || known.at < sighting.at) this.#sightings.set(key, sighting);
  }

  /** In the one order in which all transactions write them. */
  get sightings(): Sighting[] {
    return [...this.#sightings].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sighting]) => sighting);
  }
}
