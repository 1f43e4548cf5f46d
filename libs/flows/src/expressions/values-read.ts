import type { ASTNode } from '@marcbachmann/cel-js';
import type { ValueRead } from '@stellwerk/contracts';
import { VARIABLES } from './cel.js';
import { bareExpression, evaluate, parsed } from './evaluate.js';
import type { Scope } from './scope.js';
import { textOf } from './source-text.js';
import { isLoop, pathOf, walk } from './syntax-tree.js';

const LONGEST = 200;

/** A JSON value as text, at most so long that many of them fit into a message. */
export const shownValue = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'null';
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
};

/**
 * What an expression read and what that was: the values at its paths (`event.actor`), and its parts between `&&`, `||` and `?`.
 * Empty for an expression that cannot be read. Never throws.
 */
export const valuesRead = (expression: string, scope: Scope): ValueRead[] => {
  const root = tree(bareExpression(expression));
  if (!root) return [];
  const reads = new Map<string, ValueRead>();
  for (const part of partsOf(root)) reads.set(textOf(part), partRead(textOf(part), scope));
  for (const node of pathsIn(root)) reads.set(textOf(node), { expression: textOf(node), ...valueAt(scope, pathOf(node)!) });
  return [...reads.values()];
};

const tree = (expression: string): ASTNode | undefined => {
  try {
    return parsed(expression);
  } catch {
    return undefined; // whoever evaluates it says why
  }
};

/** Inside a list function the names are of its own. */
const partsOf = (root: ASTNode): ASTNode[] => {
  if (root.op === '&&' || root.op === '||' || root.op === '?:') return (root.args as ASTNode[]).flatMap((operand) => [...(isJoin(operand) ? [] : [operand]), ...partsOf(operand)]);
  return root.op === '!_' ? partsOf(root.args) : [];
};

const isJoin = ({ op }: ASTNode): boolean => op === '&&' || op === '||' || op === '?:';

const partRead = (expression: string, scope: Scope): ValueRead => {
  try {
    return { expression, value: shownValue(evaluate(expression, scope)) };
  } catch (error) {
    return { expression, error: (error as Error).message };
  }
};

/** The longest ones: `event.run.id`, not also `event.run`. */
const pathsIn = (root: ASTNode): ASTNode[] => {
  const found: ASTNode[] = [];
  const within = new Set<ASTNode>();
  walk(root, (node) => {
    if (isLoop(node)) return;
    const path = pathOf(node);
    if (!path || path.length < 2 || !VARIABLES.includes(path[0] as never)) return;
    if (!within.has(node)) found.push(node);
    within.add((node.args as unknown[])[0] as ASTNode);
  });
  return found;
};

const valueAt = (scope: Scope, path: readonly string[]): { value?: string } => {
  let value: unknown = scope;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return {};
    value = (value as Record<string, unknown>)[name];
  }
  return value === undefined ? {} : { value: shownValue(value) };
};
