import type { ASTNode, Environment, TypeCheckResult } from '@marcbachmann/cel-js';
import { LRUCache } from 'lru-cache';
import { failingParts } from './constant.js';
import { parseWithin } from './evaluate.js';
import { unknownWords } from './known-words.js';
import { narrowArithmetic } from './numbers.js';
import { walk } from './syntax-tree.js';
import { takeAsMaps } from './whole-maps.js';

/** An expression as it stands in one environment, whichever flow it is of. */
export interface TypedExpression {
  readonly ast: ASTNode;
  readonly checked: TypeCheckResult;
  /** What is possible, and surely not meant. */
  readonly warnings: readonly { offset: number; message: string }[];
}

/** Those asked for last: flows of one kind mostly have the same expressions. */
const known = new LRUCache<string, Typed>({ max: 2000 });

const numbers = new WeakMap<Environment, number>();
let count = 0;

const numberOf = (environment: Environment): number => {
  const number = numbers.get(environment) ?? (count += 1);
  numbers.set(environment, number);
  return number;
};

/** Each part is worked out when it is asked for, and once. */
class Typed implements TypedExpression {
  readonly #parsed: ReturnType<Environment['parse']>;
  #checked: TypeCheckResult | undefined;
  #warnings: TypedExpression['warnings'] | undefined;

  constructor(environment: Environment, expression: string) {
    this.#parsed = parseWithin(environment, expression);
    walk(this.#parsed.ast, (node) => (narrowArithmetic(node), takeAsMaps(node)));
  }

  get ast(): ASTNode {
    return this.#parsed.ast;
  }

  get checked(): TypeCheckResult {
    return (this.#checked ??= this.#parsed.check());
  }

  get warnings(): TypedExpression['warnings'] {
    return (this.#warnings ??= [...unknownWords(this.ast), ...failingParts(this.ast)]);
  }
}

/** Throws the library's errors or ExpressionError when it cannot be parsed. */
export const typedExpression = (environment: Environment, expression: string): TypedExpression => {
  const key = `${numberOf(environment)} ${expression}`;
  const typed = known.get(key) ?? new Typed(environment, expression);
  known.set(key, typed);
  return typed;
};
