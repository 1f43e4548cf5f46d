import type { Answer, FlowTest, ParsedAnswer, Path } from '@stellwerk/flows';

export interface Asked {
  flow: string;
  step: string;
  work: 'run' | 'rollback';
  /** From 1. */
  attempt: number;
  /** How often a person settled an UNKNOWN of it: it is asked once more each time, as the same attempt. */
  settled: number;
}

interface Place {
  answers: Record<string, ParsedAnswer>;
  path: Path;
}

interface Found {
  answer: ParsedAnswer;
  path: Path;
}

const wordsOf = (answer: ParsedAnswer, work: Asked['work']): Answer[] | undefined => {
  if (Array.isArray(answer)) return work === 'run' ? answer : undefined;
  return work === 'run' ? answer.outcome : answer.rollback;
};

/** How the platforms of a test answer, and which answers nobody asked for. */
export class Answers {
  /** Highest attempt that was answered, by place. */
  readonly #used = new Map<string, number>();
  readonly #places: Place[];

  constructor(private readonly test: FlowTest) {
    const { answers, events } = test.spec;
    this.#places = [{ answers, path: ['answers'] }, ...events.map((event, at) => ({ answers: event.answers ?? {}, path: ['events', at, 'answers'] }))];
  }

  /** What was given for it with what it follows from (places among the events), else with the test; else success. */
  next(from: readonly number[], asked: Asked): Answer {
    const given = this.#given(from, asked).find(({ answer }) => wordsOf(answer, asked.work) !== undefined);
    if (!given) return 'success';
    const words = wordsOf(given.answer, asked.work)!;
    const [key, number] = [keyOf(given.path, asked.work), asked.attempt + asked.settled];
    this.#used.set(key, Math.max(number, this.#used.get(key) ?? 0));
    const word = words[Math.min(number, words.length) - 1]!;
    // One that is settled is known: who wants it to be unknown again writes that twice.
    return word === 'unknown' && asked.settled > 0 && number > words.length ? 'success' : word;
  }

  /** The platform's run, where the test names it. */
  runOf(from: readonly number[], asked: Asked): { id: string; url?: string } | undefined {
    return this.#part(from, asked, 'run');
  }

  /** What the action gives to later steps, where the test says so. */
  outputsOf(from: readonly number[], asked: Asked): Record<string, unknown> | undefined {
    return this.#part(from, asked, 'outputs');
  }

  #part<P extends 'run' | 'outputs'>(from: readonly number[], asked: Asked, part: P): Exclude<ParsedAnswer, unknown[]>[P] {
    const given = this.#given(from, asked).find(({ answer }) => !Array.isArray(answer) && answer[part]);
    if (!given || asked.work === 'rollback') return undefined;
    const key = keyOf(given.path, 'run');
    this.#used.set(key, Math.max(1, this.#used.get(key) ?? 0));
    return (given.answer as Exclude<ParsedAnswer, unknown[]>)[part];
  }

  /** An answer that is never asked for says that the test means another run than the one that happened. */
  reportUnused(): void {
    for (const { answers, path } of this.#places) {
      for (const [key, answer] of Object.entries(answers)) {
        this.#reportUnused(answer, [...path, key], 'run');
        this.#reportUnused(answer, [...path, key], 'rollback');
      }
    }
  }

  #reportUnused(answer: ParsedAnswer, path: Path, work: Asked['work']): void {
    const words = wordsOf(answer, work);
    const isNamed = work === 'run' && !Array.isArray(answer) && (answer.run ?? answer.outputs) !== undefined;
    if (words === undefined && !isNamed) return;
    const used = this.#used.get(keyOf(path, work)) ?? 0;
    if (used === 0) this.test.report(path, `${work === 'run' ? 'this step' : 'the rollback of this step'} was never asked: nothing ran that this answers`);
    else if (words && used < words.length) this.test.report(path, `only ${used} of ${words.length} answers were asked for`);
  }

  #given(from: readonly number[], { flow, step }: Asked): Found[] {
    return [...from.map((at) => this.#places[at + 1]!), this.#places[0]!].flatMap(({ answers, path }) =>
      [`${flow}/${step}`, step].flatMap((key) => (Object.hasOwn(answers, key) ? [{ answer: answers[key]!, path: [...path, key] }] : [])));
  }
}

const keyOf = (path: Path, work: Asked['work']): string => `${path.join('\n')}\n${work}`;
