import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { takeOver, typeByLibrary, type CelType } from './library-hooks.js';

type Number2 = (a: number, b: number) => number;

const ARITHMETIC: Readonly<Record<string, Number2>> = { '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '/': (a, b) => a / b };

/**
 * Whole numbers with others: CEL keeps its two kinds apart
 * (https://github.com/google/cel-spec/blob/master/doc/langdef.md#numeric-values), but JSON has one kind, so which of them a value is depends
 * on what came. Two whole numbers still give a whole one.
 */
export const registerNumbers = (language: Environment): void => {
  for (const [operator, calculate] of Object.entries(ARITHMETIC)) {
    const mixed = (a: bigint | number, b: bigint | number): number => calculate(Number(a), Number(b));
    language.registerOperator(`int ${operator} double: double`, mixed);
    language.registerOperator(`double ${operator} int: double`, mixed);
  }
  // Exact, as `<` is: a large whole number is not rounded to be compared.
  language.registerOperator('int == double: bool', (a: bigint, b: number) => a <= b && a >= b);
};

/**
 * For checking only. A value of any type with a number gives the type of the number, so that `env.n + 1` is not taken for true or false, or
 * for text; numbers of both kinds fit wherever one does.
 */
export const narrowArithmetic = (node: ASTNode): void => {
  if (!Object.hasOwn(ARITHMETIC, node.op)) return;
  const [left, right] = node.args as [ASTNode, ASTNode];
  takeOver(node, {
    typeCheck: (checker, _macro, context) => {
      const type = typeByLibrary(node, checker, context);
      return type.kind === 'dyn' ? [checker.check(left, context), checker.check(right, context)].find(isNumber) ?? type : type;
    },
  });
};

const isNumber = ({ name }: CelType): boolean => name === 'int' || name === 'double';
