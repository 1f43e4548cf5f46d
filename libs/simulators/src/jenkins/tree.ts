/** A parsed `tree=` expression: what to show, `{}` = all of it. */
export interface TreeNode {
  children: Record<string, TreeNode>;
  /** `{0,50}` behind a list. */
  range?: [number, number];
}

/** `number,url,builds[number,actions[parameters[name,value]]]{0,5}`. */
export const parseTree = (text: string): TreeNode => {
  let position = 0;
  const list = (): Record<string, TreeNode> => {
    const nodes: Record<string, TreeNode> = {};
    while (position < text.length && text[position] !== ']') {
      const name = /^[\w*]+/.exec(text.slice(position))?.[0];
      if (!name) throw new Error(`tree: a name is expected at ${position}`);
      position += name.length;
      nodes[name] = rest();
      if (text[position] === ',') position += 1;
    }
    return nodes;
  };
  const rest = (): TreeNode => {
    const node: TreeNode = { children: {} };
    if (text[position] === '[') {
      position += 1;
      node.children = list();
      position += 1;
    }
    const range = /^\{(\d*)(,?)(\d*)\}/.exec(text.slice(position));
    if (range) {
      position += range[0].length;
      node.range =
        range[2] === '' ? [Number(range[1]), Number(range[1]) + 1] : [Number(range[1] || 0), range[3] === '' ? Infinity : Number(range[3])];
    }
    return node;
  };
  return { children: list() };
};

/** The value with only what the tree names; `_class` is always there. */
export const project = (value: unknown, tree: TreeNode): unknown => {
  if (Array.isArray(value)) return (tree.range ? value.slice(...tree.range) : value).map((item) => project(item, tree));
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(tree.children);
  if (names.length === 0 || names.includes('*')) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name === '_class' || tree.children[name])
      .map(([name, inner]) => [name, tree.children[name] ? project(inner, tree.children[name]) : inner]),
  );
};
