import type { ASTNode } from '@marcbachmann/cel-js';

const COMPREHENSIONS = new Set(['map', 'filter', 'all', 'exists', 'exists_one']);

const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value && 'args' in value;

/** The nodes in the arguments of a node. */
export const childrenOf = (value: unknown): ASTNode[] => {
  if (isNode(value)) return [value];
  return Array.isArray(value) ? value.flatMap(childrenOf) : [];
};

/** Calls `visit` for every node, parents first, with the number of list macros around it. */
export const walk = (node: ASTNode, visit: (node: ASTNode, loops: number) => void, loops = 0): void => {
  const inside = isLoop(node) ? loops + 1 : loops;
  visit(node, inside);
  for (const child of childrenOf(node.args)) walk(child, visit, inside);
};

/** A list function, e.g. `exists`, in which a name of its own stands for each item. */
export const isLoop = (node: ASTNode): boolean => node.op === 'rcall' && COMPREHENSIONS.has(node.args[0]);

/** The name that a call without receiver calls. */
export const calledFunction = (node: ASTNode): string | undefined => (node.op === 'call' ? node.args[0] : undefined);

/** `event.run.id` and `steps["a-b"]` as a list of names; undefined when the node is no plain path. */
export const pathOf = (node: ASTNode): string[] | undefined => {
  if (node.op === 'id') return [node.args];
  if (node.op === '.' || node.op === '.?') return extended(node.args[0], node.args[1]);
  if ((node.op === '[]' || node.op === '[?]') && node.args[1].op === 'value') {
    return typeof node.args[1].args === 'string' ? extended(node.args[0], node.args[1].args) : undefined;
  }
  return undefined;
};

const extended = (node: ASTNode, name: string): string[] | undefined => {
  const path = pathOf(node);
  return path && [...path, name];
};
