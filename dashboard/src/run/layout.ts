import dagre from '@dagrejs/dagre';

export interface GraphStep {
  name: string;
  needs: string[];
}

export interface Box {
  name: string;
  x: number;
  y: number;
}

export interface Edge {
  from: string;
  to: string;
  points: { x: number; y: number }[];
}

export interface Layout {
  width: number;
  height: number;
  boxes: Box[];
  edges: Edge[];
}

export const BOX = { width: 208, height: 52 };

/** Places of the steps; from left to right, or from top to bottom where it is narrow. `x`, `y` are a box's upper left corner. */
export const layOut = (steps: readonly GraphStep[], direction: 'LR' | 'TB'): Layout => {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: direction, nodesep: 22, ranksep: direction === 'LR' ? 46 : 34, marginx: 4, marginy: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  const names = new Set(steps.map((step) => step.name));
  for (const { name } of steps) graph.setNode(name, { ...BOX });
  for (const { name, needs } of steps) for (const need of needs) if (names.has(need)) graph.setEdge(need, name);
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width, height,
    boxes: steps.map(({ name }) => ({ name, ...corner(graph.node(name)) })),
    edges: graph.edges().map(({ v, w }) => ({ from: v, to: w, points: graph.edge({ v, w }).points ?? [] })),
  };
};

const corner = ({ x = 0, y = 0 }: { x?: number; y?: number }): { x: number; y: number } => ({ x: x - BOX.width / 2, y: y - BOX.height / 2 });

/** A smooth line through the points. */
export const pathOf = (points: { x: number; y: number }[]): string => {
  const [first, ...rest] = points;
  if (!first) return '';
  const curves = rest.map((point, index) => {
    const before = points[index]!;
    const middle = { x: (before.x + point.x) / 2, y: (before.y + point.y) / 2 };
    return `Q${round(before.x)} ${round(before.y)} ${round(middle.x)} ${round(middle.y)}`;
  });
  const last = points.at(-1)!;
  return `M${round(first.x)} ${round(first.y)}${curves.join('')}L${round(last.x)} ${round(last.y)}`;
};

const round = (value: number): number => Math.round(value * 10) / 10;
