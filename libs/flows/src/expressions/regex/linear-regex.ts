import { parseRegex, RegexError, type RegexNode } from './parse-regex.js';

type Instruction =
  | { op: 'set'; test: RegExp }
  | { op: 'split'; to: number[] }
  | { op: 'assert'; holds: (before: string | undefined, after: string | undefined) => boolean }
  | { op: 'match' };

const MAX_INSTRUCTIONS = 5000;

/**
 * A regular expression that cannot backtrack: all states walk over the text at once (Thompson 1968), so that the time
 * is text × pattern for every pattern. https://swtch.com/~rsc/regexp/regexp1.html
 */
export class LinearRegex {
  readonly #program: Instruction[] = [];

  /** Throws RegexError. */
  constructor(pattern: string) {
    this.#emit(parseRegex(pattern));
    this.#push({ op: 'match' });
  }

  /** True when the pattern matches anywhere in the text. */
  test(text: string): boolean {
    const characters = [...text];
    let active = new Set<number>();
    for (let i = 0; i <= characters.length; i++) {
      active.add(0);
      const reached = this.#reach(active, characters[i - 1], characters[i]);
      if (reached.has(this.#program.length - 1)) return true;
      active = this.#advance(reached, characters[i]);
    }
    return false;
  }

  #reach(states: Set<number>, before: string | undefined, after: string | undefined): Set<number> {
    for (const state of states) {
      const instruction = this.#program[state]!;
      if (instruction.op === 'split') for (const to of instruction.to) states.add(to);
      if (instruction.op === 'assert' && instruction.holds(before, after)) states.add(state + 1);
    }
    return states;
  }

  #advance(states: Set<number>, character: string | undefined): Set<number> {
    const next = new Set<number>();
    if (character === undefined) return next;
    for (const state of states) {
      const instruction = this.#program[state]!;
      if (instruction.op === 'set' && instruction.test.test(character)) next.add(state + 1);
    }
    return next;
  }

  #push(instruction: Instruction): number {
    if (this.#program.length >= MAX_INSTRUCTIONS) throw new RegexError('the pattern is too large');
    return this.#program.push(instruction) - 1;
  }

  #emit(node: RegexNode): void {
    if (node.kind === 'set') this.#push({ op: 'set', test: node.test });
    else if (node.kind === 'assert') this.#push({ op: 'assert', holds: assertion(node.at, node.lines) });
    else if (node.kind === 'cat') node.parts.forEach((part) => this.#emit(part));
    else if (node.kind === 'alt') this.#emitAlternatives(node.parts);
    else this.#emitRepeat(node.part, node.min, node.max);
  }

  #emitAlternatives(parts: RegexNode[]): void {
    const split = { op: 'split' as const, to: [] as number[] };
    this.#push(split);
    const ends = parts.map((part) => {
      split.to.push(this.#program.length);
      this.#emit(part);
      const end = { op: 'split' as const, to: [] as number[] };
      this.#push(end);
      return end;
    });
    ends.forEach((end) => end.to.push(this.#program.length));
  }

  #emitRepeat(part: RegexNode, min: number, max: number): void {
    for (let i = 0; i < min; i++) this.#emit(part);
    if (max === Infinity) return this.#emitLoop(part);
    const skips = Array.from({ length: max - min }, () => {
      const skip = { op: 'split' as const, to: [this.#program.length + 1] };
      this.#push(skip);
      this.#emit(part);
      return skip;
    });
    skips.forEach((skip) => skip.to.push(this.#program.length));
  }

  #emitLoop(part: RegexNode): void {
    const loop = { op: 'split' as const, to: [this.#program.length + 1] };
    const start = this.#push(loop);
    this.#emit(part);
    this.#push({ op: 'split', to: [start] });
    loop.to.push(this.#program.length);
  }
}

const isWord = (character: string | undefined): boolean => character !== undefined && /^\w$/.test(character);

const assertion = (at: 'start' | 'end' | 'word' | 'no-word', lines: boolean) =>
  (before: string | undefined, after: string | undefined): boolean => {
    if (at === 'start') return before === undefined || (lines && before === '\n');
    if (at === 'end') return after === undefined || (lines && after === '\n');
    return (isWord(before) !== isWord(after)) === (at === 'word');
  };
