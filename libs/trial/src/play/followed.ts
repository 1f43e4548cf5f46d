/** A step's own work, which also is to ask people, or its rollback. */
export interface Work {
  step: string;
  work: 'run' | 'rollback';
}

/** What is asked of a platform, or of people. */
export interface Question extends Work {
  /** From 1: one an attempt, and one more each time that a person settled an UNKNOWN. */
  number: number;
}

type Asked = ReadonlyMap<string, number>;

interface Happening {
  /** Among the events of the test. */
  place: number;
  /** How many questions had been asked before it. */
  before: Asked;
}

const keyOf = ({ step, work }: Work): string => `${step}\n${work}`;

/** What one run follows from: what started it, and each order and clock that moved it since. */
export class Followed {
  #happenings: readonly Happening[];
  #asked: Asked = new Map();
  readonly #settled = new Map<string, number>();
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

  /**
   * Begins something new: what was answered before it is not answered so once more.
   * Who settles an UNKNOWN begins nothing: that work goes on with the next of its answers.
   */
  byOrder(place: number, settles?: Work): void {
    this.by(place);
    if (settles) this.#settled.set(keyOf(settles), this.settled(settles) + 1);
    else this.#lastOrder = this.#happenings[0];
  }

  /** How often people settled an UNKNOWN of it. */
  settled(work: Work): number {
    return this.#settled.get(keyOf(work)) ?? 0;
  }

  note(question: Question): void {
    this.#asked = new Map(this.#asked).set(keyOf(question), Math.max(question.number, countOf(this.#asked, question)));
  }

  /** Which of the questions that follow from this place it is, from 1. An approval that is open since before is asked for anew. */
  numberSince(place: number, question: Question): number {
    return Math.max(1, question.number - this.#before(place, question));
  }

  /** How many questions had followed from that place when the last order came; 0 for what has happened since. */
  answeredBeforeOrder(place: number, question: Question): number {
    const order = this.#lastOrder;
    return order && place < order.place ? countOf(order.before, question) - this.#before(place, question) : 0;
  }

  #before(place: number, question: Question): number {
    return countOf(this.#happenings.find((one) => one.place === place)!.before, question);
  }
}

const countOf = (counts: Asked, question: Question): number => counts.get(keyOf(question)) ?? 0;
