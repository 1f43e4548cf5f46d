import type { Answer, FlowTest, ParsedAnswer, Path } from '@stellwerk/flows';
import type { AskedWork, Followed } from './followed.js';

export interface Asked extends AskedWork {
  flow: string;
}

interface Place {
  answers: Record<string, ParsedAnswer>;
  path: Path;
}

interface Found {
  answer: ParsedAnswer;
  path: Path;
  /** Which of the attempts that this answers it is, from 1. */
  attempt: number;
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

  /** What was given for it with what it follows from, else with the test; else success. */
  next(from: Followed, asked: Asked): Answer {
    from.note(asked);
    const given = this.#given(from, asked).find(({ answer }) => wordsOf(answer, asked.work) !== undefined);
    if (!given) return 'success';
    const words = wordsOf(given.answer, asked.work)!;
    const key = keyOf(given.path, asked.work);
    this.#used.set(key, Math.max(given.attempt, this.#used.get(key) ?? 0));
    return words[Math.min(given.attempt, words.length) - 1]!;
  }

  /** The platform's run, where the test names it. */
  runOf(from: Followed, asked: Asked): { id: string; url?: string } | undefined {
    return this.#part(from, asked, 'run');
  }

  /** What the action gives to later steps, where the test says so. */
  outputsOf(from: Followed, asked: Asked): Record<string, unknown> | undefined {
    return this.#part(from, asked, 'outputs');
  }

  #part<P extends 'run' | 'outputs'>(from: Followed, asked: Asked, part: P): Exclude<ParsedAnswer, unknown[]>[P] {
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

  #given(from: Followed, asked: Asked): Found[] {
    return [
      ...from.places.flatMap((at) => foundAt(this.#places[at + 1]!, asked, from.attemptSince(at, asked)).filter(({ answer }) => isLeft(answer, asked, from.answeredBeforeOrder(at, asked)))),
      ...foundAt(this.#places[0]!, asked, asked.attempt),
    ];
  }
}

const foundAt = ({ answers, path }: Place, { flow, step }: Asked, attempt: number): Found[] =>
  [`${flow}/${step}`, step].flatMap((key) => (Object.hasOwn(answers, key) ? [{ answer: answers[key]!, path: [...path, key], attempt }] : []));

/** The last answer stands for all further attempts until somebody orders something: a retry after a failure could never succeed otherwise. */
const isLeft = (answer: ParsedAnswer, { work }: Asked, given: number): boolean => {
  const words = wordsOf(answer, work);
  return given === 0 || words === undefined || given < words.length;
};

const keyOf = (path: Path, work: Asked['work']): string => `${path.join('\n')}\n${work}`;
