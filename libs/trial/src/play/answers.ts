import type { Answer, FlowTest, ParsedAnswer, Path } from '@stellwerk/flows';
import type { Followed, Question, Work } from './followed.js';

export interface Asked extends Work {
  flow: string;
  /** From 1. */
  attempt: number;
}

interface Place {
  answers: Record<string, ParsedAnswer>;
  path: Path;
}

interface Found {
  answer: ParsedAnswer;
  path: Path;
  /** Which of the questions that this answers it is, from 1. */
  number: number;
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
    from.note(questionOf(from, asked));
    const given = this.#given(from, asked).find(({ answer }) => wordsOf(answer, asked.work) !== undefined);
    if (!given) return 'success';
    const words = wordsOf(given.answer, asked.work)!;
    const key = keyOf(given.path, asked.work);
    this.#used.set(key, Math.max(given.number, this.#used.get(key) ?? 0));
    const word = words[Math.min(given.number, words.length) - 1]!;
    // One that is settled is known: who wants it to be unknown again writes that twice.
    return word === 'unknown' && from.settled(asked) > 0 && given.number > words.length ? 'success' : word;
  }

  /** It was never asked for: the platform was not called. */
  pass(from: Followed, asked: Asked): void {
    from.note(questionOf(from, asked));
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
    const question = questionOf(from, asked);
    return [
      ...from.places.flatMap((at) => foundAt(this.#places[at + 1]!, asked, from.numberSince(at, question)).filter(({ answer }) => isLeft(answer, asked, from.answeredBeforeOrder(at, question)))),
      ...foundAt(this.#places[0]!, asked, question.number),
    ];
  }
}

/** What a person settled is asked for once more, as the same attempt. */
const questionOf = (from: Followed, asked: Asked): Question => ({ step: asked.step, work: asked.work, number: asked.attempt + from.settled(asked) });

const foundAt = ({ answers, path }: Place, { flow, step }: Asked, number: number): Found[] =>
  [`${flow}/${step}`, step].flatMap((key) => (Object.hasOwn(answers, key) ? [{ answer: answers[key]!, path: [...path, key], number }] : []));

/** The last answer stands for all further attempts until somebody orders something: a retry after a failure could never succeed otherwise. */
const isLeft = (answer: ParsedAnswer, { work }: Asked, given: number): boolean => {
  const words = wordsOf(answer, work);
  return given === 0 || words === undefined || given < words.length;
};

const keyOf = (path: Path, work: Asked['work']): string => `${path.join('\n')}\n${work}`;
