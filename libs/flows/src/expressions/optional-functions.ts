import { Optional, type ASTNode, type Environment } from '@marcbachmann/cel-js';
import { ExpressionError } from './expression.errors.js';
import type { BoundContext, CelType, Checker, Context, Macro, MacroCall, Runner } from './library-hooks.js';

/** Empty text, bytes, list and map, 0, false, null and no duration (https://pkg.go.dev/github.com/google/cel-go/cel#OptionalTypes). */
const isZero = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return ['', null, false, 0, 0n].includes(value as null);
  if (value instanceof Map || value instanceof Set) return value.size === 0;
  const isContainer = Array.isArray(value) || value instanceof Uint8Array || Object.getPrototypeOf(value) === Object.prototype;
  return isContainer ? Object.keys(value).length === 0 : value.valueOf() === (0n as unknown) || String(value) === '0s';
};

/**
 * What the library leaves out of CEL's optionals: `optional.ofNonZeroValue(x)`, `o.optMap(name, expression)` and `o.optFlatMap(name, expression)`.
 * Macros are asked first, whatever the receiver is.
 */
export const registerOptionalFunctions = (language: Environment): void => {
  language.registerFunction('OptionalNamespace.ofNonZeroValue(A): optional<A>', (_: unknown, value: unknown) => (isZero(value) ? Optional.none() : Optional.of(value)), { async: false });
  language.registerFunction('optional.optMap(ast, ast): optional<dyn>', (call: MacroCall) => ({ ...call, ...mapping('optMap', call) }));
  language.registerFunction('optional.optFlatMap(ast, ast): optional<dyn>', (call: MacroCall) => ({ ...call, ...mapping('optFlatMap', call) }));
};

const mapping = (name: 'optMap' | 'optFlatMap', { receiver, args: [variable, body] }: MacroCall): Macro => {
  let inside: BoundContext | undefined;
  return {
    typeCheck(checker: Checker, _macro: unknown, context: Context): CelType {
      const held = optionalType(checker, checker.check(receiver, context), receiver, `${name}() receiver`).valueType!;
      inside = context.forkWithVariable(nameOf(checker, variable!, name), held);
      const result = checker.check(body, inside);
      return name === 'optMap' ? checker.registry.getOptionalType(result) : optionalType(checker, result, body!, `${name}() result`);
    },
    evaluate(runner: Runner, _macro: unknown, context: Context): unknown {
      const optional = asOptional(runner.run(receiver, context), `${name}() receiver`);
      if (!optional.hasValue()) return optional;
      const result = runner.run(body, inside!.reuse(context).setIterValue(optional.value(), runner));
      return name === 'optMap' ? Optional.of(result) : asOptional(result, `${name}() result`);
    },
  };
};

const nameOf = (checker: Checker, node: ASTNode, name: string): string => {
  if (node.op === 'id') return node.args;
  throw checker.createError('invalid_macro_argument', `${name}() takes a name and what to make of it, as event.?branch.${name}(b, …)`, node);
};

const optionalType = (checker: Checker, type: CelType, node: ASTNode, what: string): CelType => {
  if (type.kind === 'optional') return type;
  if (type.kind === 'dyn') return checker.getType('optional<dyn>');
  throw checker.createError('optional_expected', `${what} must be optional, got '${type.name}'`, node);
};

const asOptional = (value: unknown, what: string): Optional => {
  if (value instanceof Optional) return value;
  throw new ExpressionError(`${what} must be optional`);
};
