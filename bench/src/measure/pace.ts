/** How long each thing is measured, in seconds. */
export interface Pace {
  readonly warm: number;
  /** As many flows as there can be. */
  readonly most: number;
  /** A rate that may be too much. */
  readonly tryOut: number;
  /** One that was not. */
  readonly hold: number;
  readonly latency: number;
  readonly accept: number;
}

const NORMAL: Pace = { warm: 4, most: 15, tryOut: 20, hold: 20, latency: 12, accept: 8 };

/** `full` holds the rate for ten minutes; `brief` shows that everything works, its figures are worth little. */
export const paceOf = ({ full, brief }: { full: boolean; brief: boolean }): Pace => {
  if (full) return { ...NORMAL, hold: 600, latency: 30, accept: 15 };
  return brief ? { warm: 1, most: 3, tryOut: 3, hold: 3, latency: 3, accept: 2 } : NORMAL;
};
