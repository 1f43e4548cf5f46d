import type { Environment } from '@marcbachmann/cel-js';
import { ExpressionError } from './expression.errors.js';
import type { CelType, Checker, Context, MacroCall, Runner } from './library-hooks.js';
import { LinearRegex } from './regex/linear-regex.js';

interface TextFunction {
  name: string;
  arguments: string[];
  returns: string;
  run: (text: string, ...args: never[]) => unknown;
}

const regexes = new Map<string, LinearRegex>();
const MAX_CACHED = 500;

const regexOf = (pattern: string): LinearRegex => {
  const known = regexes.get(pattern);
  if (known) return known;
  if (regexes.size >= MAX_CACHED) regexes.clear();
  const regex = new LinearRegex(pattern);
  regexes.set(pattern, regex);
  return regex;
};

const matches = (text: string, pattern: string): boolean => {
  try {
    return regexOf(pattern).test(text);
  } catch (error) {
    throw new ExpressionError(`matches(): ${(error as Error).message} in "${pattern}"`);
  }
};

const substring = (text: string, start: bigint, end: bigint = BigInt(text.length)): string =>
  text.slice(Math.max(0, Number(start)), Math.max(0, Number(end)));

const FUNCTIONS: TextFunction[] = [
  { name: 'matches', arguments: ['string'], returns: 'bool', run: matches },
  { name: 'substring', arguments: ['int'], returns: 'string', run: substring },
  { name: 'substring', arguments: ['int', 'int'], returns: 'string', run: substring },
];

/**
 * Replaces the library's `matches` (backtracks: V8's RegExp) and `substring` (fails past the end).
 * The library refuses a second overload for text but asks macros first, whatever the receiver: hence macros "of bytes".
 */
export const registerTextFunctions = (environment: Environment): void => {
  for (const text of FUNCTIONS) {
    const signature = `bytes.${text.name}(${text.arguments.map(() => 'ast').join(', ')}): ${text.returns}`;
    environment.registerFunction(signature, (call: MacroCall) => ({ ...call, ...hooks(text, call) }));
  }
};

const hooks = (text: TextFunction, { receiver, args }: MacroCall) => ({
  typeCheck(checker: Checker, _macro: unknown, context: Context): CelType {
    expectType(checker, receiver, context, 'string', text.name);
    args.forEach((argument, i) => expectType(checker, argument, context, text.arguments[i]!, text.name));
    return checker.getType(text.returns);
  },
  evaluate(runner: Runner, _macro: unknown, context: Context): unknown {
    const [on, ...values] = [receiver, ...args].map((node) => runner.run(node, context));
    const wrong = [on, ...values].some((value, i) => typeof value !== (i > 0 && text.arguments[i - 1] === 'int' ? 'bigint' : 'string'));
    if (wrong) throw new ExpressionError(`${text.name}(${text.arguments.join(', ')}) does not take these values`);
    return text.run(on as string, ...(values as never[]));
  },
});

const expectType = (checker: Checker, node: unknown, context: Context, expected: string, name: string): void => {
  const type = checker.check(node, context);
  if (type.kind === 'dyn' || type.name === expected) return;
  throw checker.createError('no_matching_overload', `${name}(): expected ${expected}, got ${type.name}`, node);
};
