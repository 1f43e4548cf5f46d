import type { ASTNode } from '@marcbachmann/cel-js';
import { calculate, evaluate, parsed } from './evaluate.js';
import { ExpressionError } from './expression.errors.js';
import { rangeOf, textOf } from './source-text.js';
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

/** Parts that fail whatever happens, such as `int("x")` or `[1, 2][5]`: each with where it begins and why. */
export const failingParts = (root: ASTNode): { offset: number; message: string }[] => partsFailing(root, evaluate);

/** Only the whole has to be a value that JSON has. */
const partsFailing = (root: ASTNode, work: typeof evaluate): { offset: number; message: string }[] => {
  if (root.op === 'value' || root.op === 'id') return [];
  if (!isConstant(root)) return childrenOf(root.args).flatMap((part) => partsFailing(part, calculate));
  try {
    work(textOf(root), NOTHING);
    return [];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [{ offset: rangeOf(root).start, message: `this fails whenever it is asked: ${error.message}` }];
  }
};
