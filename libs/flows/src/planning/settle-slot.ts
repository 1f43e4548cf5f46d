import type { Place } from './slots.js';

/** One who goes, and whose coming is the reason. */
export interface MakeRoom {
  place: Place;
  newer: Place;
}

/** What is to be done about one slot. */
export interface SlotMoves {
  /** They wait, and it is their turn. */
  give: Place[];
  /** They wait, and a newer one takes their place in the line. */
  replace: MakeRoom[];
  /** They found it full and do not wait. */
  drop: Place[];
  /** They hold a place and are to be cancelled. */
  cancel: MakeRoom[];
}

/** Whether a newcomer may have a place at once; whoever waits already comes first. */
export const hasRoom = (places: readonly Place[], limit: number): boolean =>
  places.every(({ held }) => held) && places.length < limit;

/**
 * What is to be done about a slot, given all who hold a place and all who wait, in the order of their coming. Asked again after
 * it was done it gives nothing. Places come free only by holders that end: nobody is given one before that.
 */
export const settleSlot = (places: readonly Place[]): SlotMoves => {
  const held = places.filter((place) => place.held);
  const line = places.filter((place) => !place.held);
  const pushed = pushedOut(line, held);
  const kept = without(line, pushed);
  const give = turns(kept, held.length);
  const rest = without(kept, give);
  const drop = rest.filter(({ whenFull }) => whenFull === 'drop');
  const waiting = without(rest, drop);
  const replaced = replacedIn(waiting);
  return { give, drop, replace: [...pushed, ...replaced], cancel: displacedBy(without(waiting, replaced), held, give.length) };
};

const without = (all: readonly Place[], gone: readonly (Place | MakeRoom)[]): Place[] => {
  const left = new Set(gone.map((one) => ('place' in one ? one.place : one)));
  return all.filter((place) => !left.has(place));
};

/**
 * `cancel-running`: the newest ones count, also among those that wait. As many stay as there is room for beside rollbacks, which nobody
 * cuts short: else one would be started only to be cancelled.
 */
const pushedOut = (line: readonly Place[], held: readonly Place[]): MakeRoom[] => {
  const at = line.findLastIndex(({ whenFull }) => whenFull === 'cancel-running');
  const newer = line[at];
  if (!newer) return [];
  const stay = Math.max(1, newer.limit - held.filter(({ rollingBack }) => rollingBack).length);
  return line.slice(0, Math.max(0, at + 1 - stay)).map((place) => ({ place, newer }));
};

/** First come, first served: nobody overtakes one whose own limit does not let it in yet. */
const turns = (line: readonly Place[], held: number): Place[] => {
  const stop = line.findIndex(({ limit }, at) => held + at >= limit);
  return stop < 0 ? [...line] : line.slice(0, stop);
};

const replacedIn = (line: readonly Place[]): MakeRoom[] => {
  const at = line.findLastIndex(({ whenFull }) => whenFull === 'replace-queued');
  return at < 0 ? [] : line.slice(0, at).map((place) => ({ place, newer: line[at]! }));
};

/** The oldest go; those that were told before make room for somebody already. */
const displacedBy = (line: readonly Place[], held: readonly Place[], given: number): MakeRoom[] => {
  const pushing = line.filter(({ whenFull }) => whenFull === 'cancel-running');
  const newer = pushing.at(-1);
  if (!newer) return [];
  const ending = held.filter(({ displaced }) => displaced).length;
  const wanted = pushing.length + held.length + given - newer.limit - ending;
  const victims = held.filter(({ displaced, rollingBack }) => !displaced && !rollingBack);
  return victims.slice(0, Math.max(0, wanted)).map((place) => ({ place, newer }));
};
