import type { ASTNode } from '@marcbachmann/cel-js';
import { parsed } from './evaluate.js';
import { rangeOf } from './source-text.js';
import { childrenOf, pathOf } from './syntax-tree.js';

/** `event.<field>` has to be one of these, or the whole is not true. */
export interface SureEquality {
  field: string;
  values: string[];
  /** Where it begins. */
  offset: number;
}

/** What a condition asks of fields of the event between its outermost `&&`: nothing else can make it true. */
export const sureEqualities = (expression: string): SureEquality[] => {
  try {
    return equalitiesIn(parsed(expression));
  } catch {
    return []; // said where expressions are checked
  }
};

const equalitiesIn = (node: ASTNode): SureEquality[] => {
  if (node.op === '&&') return childrenOf(node.args).flatMap(equalitiesIn);
  if (node.op === '==') return [...equality(node.args[0], [node.args[1]]), ...equality(node.args[1], [node.args[0]])];
  return node.op === 'in' && node.args[1].op === 'list' ? equality(node.args[0], childrenOf(node.args[1].args)) : [];
};

const equality = (asked: ASTNode, others: readonly ASTNode[]): SureEquality[] => {
  const path = pathOf(asked);
  const values = others.flatMap((other) => (other.op === 'value' && typeof other.args === 'string' ? [other.args] : []));
  return path?.length === 2 && path[0] === 'event' && values.length === others.length && values.length > 0 ? [{ field: path[1]!, values, offset: rangeOf(asked).start }] : [];
};
