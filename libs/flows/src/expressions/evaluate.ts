import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import { LRUCache } from 'lru-cache';
import { STATUS_FUNCTIONS, VARIABLES, LANGUAGE, MAX_EXPRESSION_LENGTH, withStatusFunctions } from './cel.js';
import { ExpressionError, expressionError } from './expression.errors.js';
import { takeOverHas } from './has.js';
import type { Scope } from './scope.js';
import { calledFunction, walk } from './syntax-tree.js';
import { wholeExpression } from './template.js';
import { fromCel, toCel } from './values.js';

const MAX_NESTED_LOOPS = 2;
/** Those used last: with thousands of flows most conditions are seldom asked. */
const MAX_CACHED = 2000;

interface Compiled {
  run: ParseResult;
  variables: string[];
  functions: Set<string>;
}

/** An environment and what was parsed in it: nodes keep the types they were checked with. */
class Language {
  readonly #compiled = new LRUCache<string, Compiled>({ max: MAX_CACHED });
  readonly #environment: Environment;

  constructor(base: Environment) {
    this.#environment = base.clone();
    for (const name of VARIABLES) this.#environment.registerVariable(name, 'dyn');
  }

  compile(expression: string): Compiled {
    const known = this.#compiled.get(expression);
    if (known) return known;
    const compiled = inspected(parseWithin(this.#environment, expression));
    this.#compiled.set(expression, compiled);
    return compiled;
  }
}

/** Parses within the caps of length, depth and loops. Throws the library's errors or ExpressionError. */
export const parseWithin = (environment: Environment, expression: string): ParseResult => {
  if (expression.trim() === '') throw new ExpressionError('expected an expression, got none', 0);
  if (expression.length > MAX_EXPRESSION_LENGTH) throw new ExpressionError(`longer than ${MAX_EXPRESSION_LENGTH} characters`, 0);
  const parsed = environment.parse(expression);
  walk(parsed.ast, (node, loops) => {
    if (loops > MAX_NESTED_LOOPS) throw new ExpressionError(`list functions nested more than ${MAX_NESTED_LOOPS} deep`, node.pos);
    takeOverHas(node);
  });
  return parsed;
};

const inspected = (run: ParseResult): Compiled => {
  const variables = new Set<string>();
  const functions = new Set<string>();
  walk(run.ast, (node) => {
    if (node.op === 'id') variables.add(node.args);
    const called = calledFunction(node);
    if (called) functions.add(called);
  });
  return { run, variables: [...variables], functions };
};

const plain = new Language(LANGUAGE);
const withStatus = new Map<string, Language>();

const languageOf = (status: Scope['statusFunctions']): Language => {
  if (!status) return plain;
  const key = `${status.success} ${status.failure} ${status.cancelled}`;
  const known = withStatus.get(key) ?? new Language(withStatusFunctions(status));
  withStatus.set(key, known);
  return known;
};

/** The expression's value as plain JSON: whole numbers are numbers, timestamps and durations texts, an empty optional null. Throws ExpressionError. */
export const evaluate = (expression: string, scope: Scope): unknown => {
  try {
    return fromCel(calculate(expression, scope));
  } catch (error) {
    throw expressionError(error);
  }
};

/** The expression's value as CEL has it, which need not be one that JSON has. Throws ExpressionError. */
export const calculate = (expression: string, scope: Scope): unknown => {
  try {
    const { run, variables } = languageOf(scope.statusFunctions).compile(expression);
    const values = scope as unknown as Record<string, unknown>;
    const known = variables.filter((name) => (VARIABLES as readonly string[]).includes(name) && values[name] !== undefined);
    return run(Object.fromEntries(known.map((name) => [name, toCel(values[name])])));
  } catch (error) {
    throw expressionError(error);
  }
};

/** The tree of an expression, without status functions. Throws the library's errors or ExpressionError. */
export const parsed = (expression: string): ParseResult['ast'] => plain.compile(expression).run.ast;

/** An `if`, with or without `${{ }}` around it. Throws ExpressionError, also when the value is neither true nor false. */
export const evaluateCondition = (expression: string, scope: Scope): boolean => {
  const value = evaluate(bareExpression(expression), scope);
  if (typeof value !== 'boolean') throw new ExpressionError(`expected true or false, got ${JSON.stringify(value)}`, 0);
  return value;
};

/** The expression of an `if` without the `${{ }}` that people write from habit. */
export const bareExpression = (expression: string): string => wholeExpression(expression)?.expression ?? expression;

/** True when the expression calls `always() failure() success()` or `cancelled()`: then the step also starts after a failure. */
export const usesStatusFunction = (expression: string): boolean => {
  try {
    const { functions } = languageOf(NEVER).compile(bareExpression(expression));
    return STATUS_FUNCTIONS.some((name) => functions.has(name));
  } catch {
    return false; // an expression that does not parse fails its step when it is evaluated
  }
};

const NEVER = { success: false, failure: false, cancelled: false };
