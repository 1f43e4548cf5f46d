import { parsed } from './evaluate.js';
import { pathOf, walk } from './syntax-tree.js';

/** Names that an expression reads right below a path, such as `version` below `environment.lastGood.env`; none of an expression that cannot be read. */
export const namesBelow = (expression: string, below: readonly string[]): { name: string; offset: number }[] => {
  const found: { name: string; offset: number }[] = [];
  try {
    walk(parsed(expression), (node) => {
      const path = pathOf(node);
      if (path?.length === below.length + 1 && below.every((name, at) => path[at] === name)) found.push({ name: path.at(-1)!, offset: node.pos });
    });
  } catch {
    return []; // said where expressions are checked
  }
  return found;
};
