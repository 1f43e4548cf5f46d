import type { ASTNode } from '@marcbachmann/cel-js';
import { isOutputs, OUTPUT_VARIABLES, type Declarations } from './declared-types.js';
import { rangeOf } from './source-text.js';
import { calledFunction, childrenOf, pathOf } from './syntax-tree.js';

/**
 * The expression with each output of a known type replaced by a variable of that type. It keeps its length, so that places in it stay what
 * they are. `root`: its tree. What is only asked for, by `has()` or `.?`, stays.
 */
export const withTypedOutputs = (root: ASTNode, expression: string, outputs: Declarations['outputs']): string => {
  let typed = expression;
  for (const { start, end, variable } of outputsIn(root, outputs)) {
    if (variable.length <= end - start) typed = typed.slice(0, start) + variable.padEnd(end - start) + typed.slice(end);
  }
  return typed;
};

interface Read {
  start: number;
  end: number;
  variable: string;
}

const outputsIn = (node: ASTNode, outputs: Declarations['outputs']): Read[] => {
  if (calledFunction(node) === 'has') return [];
  const variable = isPlainRead(node) ? variableOf(node, outputs) : undefined;
  return variable === undefined ? childrenOf(node.args).flatMap((child) => outputsIn(child, outputs)) : [{ ...rangeOf(node), variable }];
};

/** Behind a `.?` anywhere it gives an optional. */
const isPlainRead = (node: ASTNode): boolean => node.op === 'id' || ((node.op === '.' || node.op === '[]') && isPlainRead(node.args[0]));

/** `steps.<name>.outputs.<output>`. */
const variableOf = (node: ASTNode, outputs: Declarations['outputs']): string | undefined => {
  const path = pathOf(node);
  if (path?.length !== 4 || !isOutputs(path.slice(0, 3))) return undefined;
  const types = outputs.get(path[1]!);
  const type = types && Object.hasOwn(types, path[3]!) ? types[path[3]!] : undefined;
  return type && OUTPUT_VARIABLES[type].name;
};
