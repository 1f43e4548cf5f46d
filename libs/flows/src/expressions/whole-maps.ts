import type { ASTNode } from '@marcbachmann/cel-js';
import { takeOver, typeByLibrary } from './library-hooks.js';
import { childrenOf } from './syntax-tree.js';

/** Types with a field for each name that a flow declares. */
const TYPES_OF_MAPS = ['Inputs', 'Env'];

const isAccess = ({ op }: ASTNode): boolean => op === '.' || op === '.?' || op === '[]' || op === '[?]';

/** For checking only: where no field of them is read, as in `"x" in inputs`, inputs and env are the maps that they are when the expression runs. */
export const takeAsMaps = (node: ASTNode): void => {
  const children = childrenOf(node.args);
  for (const child of isAccess(node) ? children.slice(1) : children) if (child.op === 'id') takeAsMap(child);
};

const takeAsMap = (node: ASTNode): void =>
  takeOver(node, {
    typeCheck(checker, _macro, context) {
      const type = typeByLibrary(node, checker, context);
      return TYPES_OF_MAPS.includes(type.name) ? checker.getType('map<string, dyn>') : type;
    },
  });
