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

/** A value that an expression reads whatever else it finds: `["steps", "a-b", "outcome"]`. */
interface SurePath {
  path: readonly string[];
  /** Of the name behind the variable. */
  offset: number;
}

/** Lets a call decide whether and when its arguments are read. */
const LAZY = new Set(['has', 'or', 'orValue', 'optMap', 'optFlatMap']);

/** Fields of the variable without which the expression surely fails. */
export const sureReads = (expression: string, variable: Variable = 'event'): SureRead[] =>
  surePaths(expression).flatMap(({ path, offset }) => (path[0] === variable && path.length > 1 ? [{ field: path[1]!, offset }] : []));

/**
 * Values without which the expression surely fails, each as far as it is named. Nothing behind `&&`, `||` and `?` is sure: the other side may decide
 * (https://github.com/google/cel-spec/blob/master/doc/langdef.md#logical-operators), nor what is asked for by `has()` or `.?`.
 */
export const surePaths = (expression: string): SurePath[] => {
  try {
    return readsIn(parsed(expression));
  } catch {
    return []; // said where expressions are checked
  }
};

const readsIn = (node: ASTNode): SurePath[] => {
  const inAll = (nodes: readonly ASTNode[]): SurePath[] => nodes.flatMap(readsIn);
  switch (node.op) {
    case '&&':
    case '||':
    case 'id':
    case 'value':
      return [];
    case '?:':
    case '.?':
      return readsIn(node.args[0]);
    case '.':
    case '[]': {
      const path = strictPath(node);
      return path ? [path] : inAll(nodesIn(node.args));
    }
    case 'call':
      return LAZY.has(node.args[0]) ? [] : inAll(node.args[1]);
    case 'rcall':
      return [...readsIn(node.args[1]), ...(LAZY.has(node.args[0]) || isLoop(node) ? [] : inAll(node.args[2]))];
    default:
      return inAll(nodesIn(node.args));
  }
};

/** Undefined where a part of it is only asked for, or is another expression. */
const strictPath = (node: ASTNode): SurePath | undefined => {
  if (node.op === 'id') return { path: [node.args], offset: node.pos };
  const name = node.op === '.' ? node.args[1] : node.op === '[]' && node.args[1].op === 'value' ? node.args[1].args : undefined;
  const parent = typeof name === 'string' ? strictPath((node.args as ASTNode[])[0]!) : undefined;
  return parent && { path: [...parent.path, name as string], offset: parent.path.length === 1 ? node.pos : parent.offset };
};

const nodesIn = (value: unknown): ASTNode[] => {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value ? [value as ASTNode] : [];
};
