import type { Answer, Exchange } from './types.js';

/** Parameters of the path, decoded. */
export type Parameters = Record<string, string>;

export type Handler = (exchange: Exchange, parameters: Parameters) => Answer | Promise<Answer>;

export interface Route {
  /** `GET /repos/:owner/:repo`; a segment may be `:name`. */
  on: string;
  handle: Handler;
}

/** The first route that fits. Segments are decoded one by one, so that `group%2Fproject` is one parameter. */
export const findRoute = (routes: readonly Route[], method: string, path: string): { route: Route; parameters: Parameters } | undefined => {
  const segments = path.split('/');
  for (const route of routes) {
    const { verb, pattern } = partsOf(route);
    const parameters = verb === method ? match(pattern, segments) : undefined;
    if (parameters) return { route, parameters };
  }
  return undefined;
};

const known = new WeakMap<Route, { verb: string; pattern: string[] }>();

const partsOf = (route: Route): { verb: string; pattern: string[] } => {
  const parts = known.get(route) ?? { verb: route.on.split(' ')[0]!, pattern: route.on.split(' ')[1]!.split('/') };
  known.set(route, parts);
  return parts;
};

const match = (pattern: string[], segments: string[]): Parameters | undefined => {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Parameters = {};
  for (let index = 0; index < pattern.length; index += 1) {
    const [part, segment] = [pattern[index]!, segments[index]!];
    if (part.startsWith(':')) parameters[part.slice(1)] = decoded(segment);
    else if (part !== segment) return undefined;
  }
  return parameters;
};

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};
