/** A moment on both of this process's clocks. */
export interface Moment {
  steady: number;
  wall: number;
}

export const moment = (): Moment => ({ steady: performance.now(), wall: Date.now() });

/** Time since then, in ms; the longer of the two clocks: one stands while the machine sleeps, the other can be set. */
export const elapsedMs = ({ steady, wall }: Moment): number => Math.max(performance.now() - steady, Date.now() - wall);
