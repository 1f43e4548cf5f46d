/** What is known of a version of a run: not recorded (yet), recorded and still to be told, or told. */
export type Standing = 'missing' | 'untold' | 'told';

/** The versions around one that is to be told. */
export interface Neighbours {
  before: Standing;
  /** A later one has been told. */
  overtaken: boolean;
}

/** `late`: what came after it has been told, so it is told no more. */
export type Turn = 'now' | 'wait' | 'late';

/** So long an event is held for its turn; then it is left to the sweep, so that what waits does not keep out what it waits for. */
export const HELD_MS = 1_000;

/** Events of one run are published in their order; another replica that got the one before writes it down within this time, unless it stands still. */
const IN_FLIGHT_MS = 1_000;

/** Longer than what a killed or paused replica held takes to be delivered to another. */
export const PATIENCE_MS = 30_000;

/** Whether a version is told now. `nothingBefore`: all events before it in the stream are settled, so the version before will not come. */
export const turnOf = ({ before, overtaken }: Neighbours, waitedMs: number, nothingBefore: boolean): Turn => {
  if (overtaken) return 'late';
  if (before === 'told' || waitedMs >= PATIENCE_MS) return 'now';
  return before === 'missing' && waitedMs >= IN_FLIGHT_MS && nothingBefore ? 'now' : 'wait';
};
