/** What is asked of a platform or of people: a step's work, its rollback, an approval. */
export interface AskedWork {
  step: string;
  work: 'run' | 'rollback';
  /** From 1. */
  attempt: number;
}

type Attempts = ReadonlyMap<string, number>;

interface Happening {
  /** Among the events of the test. */
  place: number;
  /** Attempts that had been asked for before it. */
  before: Attempts;
}

const keyOf = ({ step, work }: Omit<AskedWork, 'attempt'>): string => `${step}\n${work}`;

/** What one run follows from: what started it, and each order and clock that moved it since. */
export class Followed {
  #happenings: readonly Happening[];
  #asked: Attempts = new Map();
  #lastOrder?: Happening;

  constructor(start: number) {
    this.#happenings = [{ place: start, before: this.#asked }];
  }

  /** Their places in the test, the last one first. */
  get places(): readonly number[] {
    return this.#happenings.map(({ place }) => place);
  }

  by(place: number): void {
    if (this.#happenings[0]?.place !== place) this.#happenings = [{ place, before: this.#asked }, ...this.#happenings];
  }

  /** Begins something new: what was answered before it is not answered so once more. */
  byOrder(place: number): void {
    this.by(place);
    this.#lastOrder = this.#happenings[0];
  }

  note(asked: AskedWork): void {
    this.#asked = new Map(this.#asked).set(keyOf(asked), Math.max(asked.attempt, countOf(this.#asked, asked)));
  }

  /** Which of the attempts that follow from this place it is, from 1. An approval that is open since before is asked for anew. */
  attemptSince(place: number, asked: AskedWork): number {
    return Math.max(1, asked.attempt - this.#before(place, asked));
  }

  /** How many attempts that place had answers for when the last order came; 0 for what has happened since. */
  answeredBeforeOrder(place: number, asked: AskedWork): number {
    const order = this.#lastOrder;
    return order && place < order.place ? countOf(order.before, asked) - this.#before(place, asked) : 0;
  }

  #before(place: number, asked: AskedWork): number {
    return countOf(this.#happenings.find((one) => one.place === place)!.before, asked);
  }
}

const countOf = (attempts: Attempts, asked: AskedWork): number => attempts.get(keyOf(asked)) ?? 0;
