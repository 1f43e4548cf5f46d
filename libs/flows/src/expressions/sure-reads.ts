import type { ASTNode } from '@marcbachmann/cel-js';
import { parsed } from './evaluate.js';
import { isLoop } from './syntax-tree.js';

/** A field of the event that an expression reads whatever else it finds. */
export interface SureRead {
  field: string;
  /** Of characters from its beginning. */
  offset: number;
}

/** Lets a call decide whether and when its arguments are read. */
const LAZY = new Set(['has', 'or', 'orValue', 'optMap', 'optFlatMap']);

/**
 * Fields of `event` without which the expression surely fails. Nothing behind `&&`, `||` and `?` is sure: the other side may decide
 * (https://github.com/google/cel-spec/blob/master/doc/langdef.md#logical-operators), nor what is asked for by `has()` or `.?`.
 */
export const sureReads = (expression: string): SureRead[] => {
  try {
    return readsIn(parsed(expression));
  } catch {
    return []; // said where expressions are checked
  }
};

const readsIn = (node: ASTNode): SureRead[] => {
  switch (node.op) {
    case '&&':
    case '||':
    case 'id':
    case 'value':
      return [];
    case '?:':
      return readsIn(node.args[0]);
    case '.':
      return node.args[0].op === 'id' && node.args[0].args === 'event' ? [{ field: node.args[1], offset: node.pos }] : readsIn(node.args[0]);
    case '.?':
      return readsIn(node.args[0]);
    case 'call':
      return LAZY.has(node.args[0]) ? [] : node.args[1].flatMap(readsIn);
    case 'rcall':
      return [...readsIn(node.args[1]), ...(LAZY.has(node.args[0]) || isLoop(node) ? [] : node.args[2].flatMap(readsIn))];
    default:
      return nodesIn(node.args).flatMap(readsIn);
  }
};

const nodesIn = (value: unknown): ASTNode[] => {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value ? [value as ASTNode] : [];
};
