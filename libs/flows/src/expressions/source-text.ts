import type { ASTNode } from '@marcbachmann/cel-js';
import { LRUCache } from 'lru-cache';
import { bracketsIn, type Brackets } from './lexical.js';

const known = new LRUCache<string, readonly Brackets[]>({ max: 100 });

const bracketsOf = (expression: string): readonly Brackets[] => {
  const brackets = known.get(expression) ?? bracketsIn(expression);
  known.set(expression, brackets);
  return brackets;
};

/**
 * Where a part of an expression stands in it. The library's `range` begins and ends with the operands, which do not know of parentheses around
 * them: that of `(1 + 2) * 3` is `1 + 2) * 3`. This one takes in the other half of every bracket that is in it, so it can be read by itself.
 */
export const rangeOf = (node: ASTNode): { start: number; end: number } => {
  const { start, end } = node.range;
  const isInside = (index: number): boolean => index >= start && index < end;
  const halves = bracketsOf(node.input).filter(({ open, close }) => isInside(open) !== isInside(close));
  return { start: Math.min(start, ...halves.map(({ open }) => open)), end: Math.max(end, ...halves.map(({ close }) => close + 1)) };
};

/** A part of an expression as it is written. */
export const textOf = (node: ASTNode): string => {
  const { start, end } = rangeOf(node);
  return node.input.slice(start, end);
};
