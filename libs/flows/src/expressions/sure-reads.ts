import type { ASTNode } from '@marcbachmann/cel-js';
import type { Variable } from './cel.js';
import { parsed } from './evaluate.js';
import { isLoop } from './syntax-tree.js';

/** A field of a variable that an expression reads whatever else it finds. */
export interface SureRead {
  field: string;
  /** Of characters from its beginning. */
  offset: number;
}

/** Lets a call decide whether and when its arguments are read. */
const LAZY = new Set(['has', 'or', 'orValue', 'optMap', 'optFlatMap']);

/**
 * Fields of the variable without which the expression surely fails. Nothing behind `&&`, `||` and `?` is sure: the other side may decide
 * (https://github.com/google/cel-spec/blob/master/doc/langdef.md#logical-operators), nor what is asked for by `has()` or `.?`.
 */
export const sureReads = (expression: string, variable: Variable = 'event'): SureRead[] => {
  try {
    return readsIn(parsed(expression), variable);
  } catch {
    return []; // said where expressions are checked
  }
};

const readsIn = (node: ASTNode, variable: Variable): SureRead[] => {
  const inAll = (nodes: readonly ASTNode[]): SureRead[] => nodes.flatMap((one) => readsIn(one, variable));
  switch (node.op) {
    case '&&':
    case '||':
    case 'id':
    case 'value':
      return [];
    case '?:':
      return readsIn(node.args[0], variable);
    case '.':
      return node.args[0].op === 'id' && node.args[0].args === variable ? [{ field: node.args[1], offset: node.pos }] : readsIn(node.args[0], variable);
    case '.?':
      return readsIn(node.args[0], variable);
    case 'call':
      return LAZY.has(node.args[0]) ? [] : inAll(node.args[1]);
    case 'rcall':
      return [...readsIn(node.args[1], variable), ...(LAZY.has(node.args[0]) || isLoop(node) ? [] : inAll(node.args[2]))];
    default:
      return inAll(nodesIn(node.args));
  }
};

const nodesIn = (value: unknown): ASTNode[] => {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value ? [value as ASTNode] : [];
};
