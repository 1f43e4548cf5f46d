import type { PlanInput } from './plan.js';
import type { SlotMoves } from './settle-slot.js';
import type { Place } from './slots.js';

/** So many of those that wait are told who is in the slot now, a version of their runs each; whoever stands further back is told when its turn comes nearer. */
const TOLD = 5;

/** True when there is anything to do in a slot. */
export const anyMoves = ({ give, replace, drop, cancel }: SlotMoves): boolean => give.length + replace.length + drop.length + cancel.length > 0;

/** What happens to which run when these moves are made. */
export const inputsOfMoves = (moves: SlotMoves, places: readonly Place[]): Map<string, PlanInput[]> => {
  const holders = [...places.filter(({ held }) => held), ...moves.give];
  const gone = new Set([...moves.give, ...moves.drop, ...moves.replace.map(({ place }) => place)]);
  const waiting = places.filter((place) => !place.held && !gone.has(place)).slice(0, TOLD);
  const of = (all: readonly Place[], input: (place: Place) => PlanInput): [string, PlanInput][] => all.map((place) => [place.run, input(place)]);
  const inputs = [
    ...[...moves.replace, ...moves.cancel].map(({ place, newer }): [string, PlanInput] => [place.run, { kind: 'make-room', newer: newer.run }]),
    ...of(moves.drop, () => ({ kind: 'drop', holders })),
    ...of(moves.give, ({ step }) => ({ kind: 'slot', ...(step !== undefined && { step }) })),
    ...of(waiting, ({ step }) => ({ kind: 'slot-holders', ...(step !== undefined && { step }), holders })),
  ];
  return new Map([...Map.groupBy(inputs, ([run]) => run)].map(([run, list]) => [run, list.map(([, input]) => input)]));
};
