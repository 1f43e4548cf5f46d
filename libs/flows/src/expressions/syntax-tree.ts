import type { ASTNode } from '@marcbachmann/cel-js';

const COMPREHENSIONS = new Set(['map', 'filter', 'all', 'exists', 'exists_one']);

const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value && 'args' in value;

const childrenOf = (value: unknown): ASTNode[] => {
  if (isNode(value)) return [value];
  return Array.isArray(value) ? value.flatMap(childrenOf) : [];
};

/** Calls `visit` for every node, parents first, with the number of list macros around it. */
export const walk = (node: ASTNode, visit: (node: ASTNode, loops: number) => void, loops = 0): void => {
  const inside = isLoop(node) ? loops + 1 : loops;
  visit(node, inside);
  for (const child of childrenOf(node.args)) walk(child, visit, inside);
};

const isLoop = (node: ASTNode): boolean => node.op === 'rcall' && COMPREHENSIONS.has(node.args[0]);

/** The name that a call without receiver calls. */
export const calledFunction = (node: ASTNode): string | undefined => (node.op === 'call' ? node.args[0] : undefined);
