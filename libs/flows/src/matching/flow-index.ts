import type { EventContext, Flow, Trigger } from '../model.js';
import { exactNames, FILTERS, type Filter } from './filters.js';
import { matchedTrigger } from './match-triggers.js';

/** A flow and the trigger that took the event. */
export interface FlowMatch {
  flow: Flow;
  trigger: Trigger;
}

/** Filters that mostly name things exactly, the most telling first. */
const TELLING = ['repository', 'branches', 'event', 'from', 'pipeline', 'tags', 'base', 'environments'] as const;

const LEVELS: readonly Filter[] = TELLING.map((name) => FILTERS.find((filter) => filter.name === name)!);

/** A trigger that names more than this in one filter is not found by that filter: it would lie in too many places. */
const MOST_NAMES = 32;

/** So few are asked in full as fast as they are told apart. */
const FEW = 8;

/** Triggers told apart by the exact names of one filter, and those that name none; or a few to be asked in full. */
type Node = readonly FlowMatch[] | { filter: Filter; named: ReadonlyMap<string, Node>; any: Node };

/**
 * Finds the flows that an event starts without asking all of them: triggers lie in a tree by the exact names in their
 * filters, so that an event meets only those that name what it is about, or name nothing exactly. Those are then asked
 * in full: `match` gives what `matchTriggers` gives for each flow.
 */
export class FlowIndex {
  readonly #root: Node;

  constructor(flows: readonly Flow[]) {
    this.#root = told(flows.flatMap((flow) => flow.on.map((trigger) => ({ flow, trigger }))), LEVELS);
  }

  /** By name of the flow; of several triggers of one flow that match, the first in the file. */
  match(event: EventContext): FlowMatch[] {
    const candidates = new Set<FlowMatch>();
    collect(this.#root, event, candidates);
    return [...Map.groupBy(candidates, ({ flow }) => flow)].flatMap(([flow, some]) => {
      const trigger = matchedTrigger(some.map((candidate) => candidate.trigger).sort((a, b) => a.index - b.index), event);
      return trigger ? [{ flow, trigger }] : [];
    }).sort((a, b) => (a.flow.name < b.flow.name ? -1 : 1));
  }
}

const told = (matches: readonly FlowMatch[], [filter, ...further]: readonly Filter[]): Node => {
  if (!filter || matches.length <= FEW) return matches;
  const named = new Map<string, FlowMatch[]>();
  const any: FlowMatch[] = [];
  for (const match of matches) {
    const names = exactNames(filter.patterns(match.trigger));
    if (!names || names.length > MOST_NAMES) any.push(match);
    else names.forEach((name) => add(named, name, match));
  }
  return { filter, named: new Map([...named].map(([name, some]) => [name, told(some, further)])), any: told(any, further) };
};

const add = (named: Map<string, FlowMatch[]>, name: string, match: FlowMatch): void => {
  const some = named.get(name);
  if (some) some.push(match);
  else named.set(name, [match]);
};

const isFew = (node: Node): node is readonly FlowMatch[] => Array.isArray(node);

const collect = (node: Node, event: EventContext, found: Set<FlowMatch>): void => {
  if (isFew(node)) return node.forEach((match) => found.add(match));
  collect(node.any, event, found);
  for (const value of node.filter.values(event)) {
    const child = value === undefined ? undefined : node.named.get(value);
    if (child) collect(child, event, found);
  }
};
