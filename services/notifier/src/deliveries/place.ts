/** Where a message stands among what is told of its run, or of its incident. */
interface Told {
  run: string;
  /** In what is told of the run. */
  order: number;
  /** When it happened, RFC 3339. */
  at: string;
}

/** A message about the same run, or the same incident, to the same channel. */
export interface Sibling extends Told {
  state: string;
  attempts: number;
}

/** `wait`: one before it is being sent, or has yet to be tried for the first time. `superseded`: a later one has been said. */
export type Place = 'send' | 'wait' | 'superseded';

/** States of what a channel has heard, or may have. */
const SAID = new Set(['sending', 'delivered', 'unknown', 'gathered']);

// What another run has yet to say is not waited for: clocks that go back could make two runs wait for each other.
const comesFirst = ({ state, attempts, run }: Sibling, message: Told): boolean =>
  state === 'sending' || (state === 'pending' && attempts === 0 && run === message.run);

/** Within a run by its versions, which no clock can turn round; between runs by the time alone. */
const inOrder = (one: Told, other: Told): number => (one.run === other.run ? one.order - other.order : Date.parse(one.at) - Date.parse(other.at));

/**
 * Whether a message may be sent now. People are not told what was before what they know already: a "failed" that comes
 * behind "succeeded" lies. A program gets it all the same: it was promised every message, and each carries its version.
 */
export const placeOf = (message: Told & { takesLate: boolean }, siblings: readonly Sibling[]): Place => {
  if (!message.takesLate && siblings.some((other) => inOrder(other, message) > 0 && SAID.has(other.state))) return 'superseded';
  return siblings.some((other) => inOrder(other, message) < 0 && comesFirst(other, message)) ? 'wait' : 'send';
};
