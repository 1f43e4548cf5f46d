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
    const [verb, pattern] = route.on.split(' ') as [string, string];
    const parameters = verb === method ? match(pattern.split('/'), segments) : undefined;
    if (parameters) return { route, parameters };
  }
  return undefined;
};

const match = (pattern: string[], segments: string[]): Parameters | undefined => {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Parameters = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index]!;
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
