/** A message of the same run to the same channel. */
export interface Sibling {
  /** In the order of what is said of the run. */
  order: number;
  state: string;
  attempts: number;
}

/** `wait`: one before it is being sent, or has yet to be tried for the first time. `superseded`: a later one has been said. */
export type Place = 'send' | 'wait' | 'superseded';

/** States of what a channel has heard, or may have. */
const SAID = new Set(['sending', 'delivered', 'unknown', 'gathered']);

const comesFirst = ({ state, attempts }: Sibling): boolean => state === 'sending' || (state === 'pending' && attempts === 0);

/**
 * Whether a message may be sent now. People are not told what was before what they know already: a "failed" that comes
 * behind "succeeded" lies. A program gets it all the same: it was promised every message, and each carries its version.
 */
export const placeOf = ({ order, repeatable }: { order: number; repeatable: boolean }, siblings: readonly Sibling[]): Place => {
  if (!repeatable && siblings.some((other) => other.order > order && SAID.has(other.state))) return 'superseded';
  return siblings.some((other) => other.order < order && comesFirst(other)) ? 'wait' : 'send';
};
