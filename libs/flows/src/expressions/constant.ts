import type { ASTNode } from '@marcbachmann/cel-js';
import { evaluate, parsed } from './evaluate.js';
import { ExpressionError } from './expression.errors.js';
import { calledFunction, childrenOf } from './syntax-tree.js';
import { STATUS_FUNCTIONS } from './cel.js';

/** Answers otherwise from one moment to the next. */
const NOT_CONSTANT: readonly string[] = ['now', ...STATUS_FUNCTIONS];

const NOTHING = { event: {} };

/** It names nothing from outside. */
const isConstant = (node: ASTNode): boolean =>
  node.op !== 'id' && !NOT_CONSTANT.includes(calledFunction(node) ?? '') && childrenOf(node.args).every(isConstant);

/** What an expression without `${{ }}` gives whatever happens; undefined where that depends, or is neither true nor false. */
export const constantCondition = (expression: string): boolean | undefined => {
  try {
    const value = isConstant(parsed(expression)) ? evaluate(expression, NOTHING) : undefined;
    return typeof value === 'boolean' ? value : undefined;
  } catch {
    return undefined; // said where expressions are checked
  }
};

/** Parts that fail whatever happens, such as `int("x")` or `[1, 2][5]`: each with where it begins and why. `root` is the tree of `expression`. */
export const failingParts = (root: ASTNode, expression: string): { offset: number; message: string }[] => {
  if (root.op === 'value' || root.op === 'id') return [];
  if (!isConstant(root)) return childrenOf(root.args).flatMap((node) => failingParts(node, expression));
  const { start, end } = root.range;
  try {
    evaluate(expression.slice(start, end), NOTHING);
    return [];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [{ offset: start, message: `this fails whenever it is asked: ${error.message}` }];
  }
};
