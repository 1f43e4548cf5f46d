/** What a step needs, by name. */
export type Needs = ReadonlyMap<string, readonly string[]>;

/** Everything that has to end before `step`, over any number of links. */
export const upstreamOf = (needs: Needs, step: string): Set<string> => {
  const found = new Set<string>();
  const open = [...(needs.get(step) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(needs.get(next) ?? []));
  }
  return found;
};

/** A circle through `step`, from it back to it; undefined when there is none. */
export const circleThrough = (needs: Needs, step: string): string[] | undefined => {
  const cameFrom = new Map<string, string>();
  const open = [step];
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    for (const next of needs.get(at) ?? []) {
      if (next === step) return [...pathTo(cameFrom, at), step];
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      open.push(next);
    }
  }
  return undefined;
};

const pathTo = (cameFrom: Map<string, string>, end: string): string[] => {
  const path = [end];
  for (let at = cameFrom.get(end); at !== undefined; at = cameFrom.get(at)) path.unshift(at);
  return path;
};
