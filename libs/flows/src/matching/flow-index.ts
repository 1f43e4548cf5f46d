import type { EventContext, Filters, Flow, Join, Trigger } from '../model.js';
import { exactNames, FILTERS, type Filter } from './filters.js';
import { joinKey } from './join-key.js';
import { matchedTrigger, takes } from './match-triggers.js';

/** A flow and the trigger that took the event. */
export interface FlowMatch {
  flow: Flow;
  trigger: Trigger;
}

/** Parts of a join that the event is, and what it has in common with the others. */
export interface PartMatch extends FlowMatch {
  join: Join;
  parts: string[];
  key: string;
}

/** What an event means to flows. Nothing of it depends on what else is found: joins and absences hear every event. */
export interface Found {
  /** Flows that it starts by itself, by name; of several triggers of one flow, the first in the file. */
  starts: FlowMatch[];
  parts: PartMatch[];
  /** Triggers that waited for it not to come. */
  absences: FlowMatch[];
}

/** Filters of a trigger, and what they are for. */
interface Entry extends FlowMatch {
  filters: Filters;
  part?: string;
}

/** Filters that mostly name things exactly, the most telling first. */
const TELLING = ['repository', 'branches', 'event', 'from', 'pipeline', 'tags', 'base', 'environments'] as const;

const LEVELS: readonly Filter[] = TELLING.map((name) => FILTERS.find((filter) => filter.name === name)!);

/** A trigger that names more than this in one filter is not found by that filter: it would lie in too many places. */
const MOST_NAMES = 32;

/** So few are asked in full as fast as they are told apart. */
const FEW = 8;

/** Triggers told apart by the exact names of one filter, and those that name none; or a few to be asked in full. */
type Node = readonly Entry[] | { filter: Filter; named: ReadonlyMap<string, Node>; any: Node };

const entriesOf = (flow: Flow, trigger: Trigger): Entry[] => {
  if (trigger.all) return trigger.all.parts.map(({ name, filters }) => ({ flow, trigger, filters, part: name }));
  if (trigger.absent) return [{ flow, trigger, filters: trigger.absent.of }];
  return trigger.schedule ? [] : [{ flow, trigger, filters: trigger }];
};

/**
 * Finds the flows that an event means something to without asking all of them: filters lie in a tree by the exact names in
 * them, so that an event meets only those that name what it is about, or name nothing exactly. Those are then asked
 * in full: what starts is what `matchTriggers` gives for each flow.
 */
export class FlowIndex {
  readonly #root: Node;

  constructor(flows: readonly Flow[]) {
    this.#root = told(flows.flatMap((flow) => flow.on.flatMap((trigger) => entriesOf(flow, trigger))), LEVELS);
  }

  /** Each list by name of the flow. Never throws. */
  find(event: EventContext): Found {
    const candidates = new Set<Entry>();
    collect(this.#root, event, candidates);
    const all = [...candidates].sort(inOrder);
    const heard = all.filter(({ trigger, filters }) => (trigger.all ?? trigger.absent) && takes(filters, event));
    return {
      starts: startsOf(all.filter(({ trigger }) => !trigger.all && !trigger.absent), event),
      parts: partsOf(heard.filter(({ trigger }) => trigger.all), event),
      absences: heard.filter(({ trigger }) => trigger.absent).map(({ flow, trigger }) => ({ flow, trigger })),
    };
  }
}

const inOrder = (a: Entry, b: Entry): number => (a.flow === b.flow ? a.trigger.index - b.trigger.index : a.flow.name < b.flow.name ? -1 : 1);

const startsOf = (candidates: readonly Entry[], event: EventContext): FlowMatch[] =>
  [...Map.groupBy(candidates, ({ flow }) => flow)].flatMap(([flow, some]) => {
    const trigger = matchedTrigger(some.map((candidate) => candidate.trigger), event);
    return trigger ? [{ flow, trigger }] : [];
  });

/** An event may be several parts of one join. */
const partsOf = (heard: readonly Entry[], event: EventContext): PartMatch[] =>
  [...Map.groupBy(heard, ({ trigger }) => trigger)].flatMap(([trigger, some]) => {
    const found = joinKey(trigger.all!, event);
    return 'key' in found ? [{ flow: some[0]!.flow, trigger, join: trigger.all!, parts: some.map(({ part }) => part!), key: found.key }] : [];
  });

const told = (matches: readonly Entry[], [filter, ...further]: readonly Filter[]): Node => {
  if (!filter || matches.length <= FEW) return matches;
  const named = new Map<string, Entry[]>();
  const any: Entry[] = [];
  for (const match of matches) {
    const names = exactNames(filter.patterns(match.filters));
    if (!names || names.length > MOST_NAMES) any.push(match);
    else names.forEach((name) => add(named, name, match));
  }
  return { filter, named: new Map([...named].map(([name, some]) => [name, told(some, further)])), any: told(any, further) };
};

const add = (named: Map<string, Entry[]>, name: string, match: Entry): void => {
  const some = named.get(name);
  if (some) some.push(match);
  else named.set(name, [match]);
};

const isFew = (node: Node): node is readonly Entry[] => Array.isArray(node);

const collect = (node: Node, event: EventContext, found: Set<Entry>): void => {
  if (isFew(node)) return node.forEach((match) => found.add(match));
  collect(node.any, event, found);
  for (const value of node.filter.values(event)) {
    const child = value === undefined ? undefined : node.named.get(value);
    if (child) collect(child, event, found);
  }
};
