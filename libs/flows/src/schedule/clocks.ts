/** A schedule or an absence of a flow in force. */
export interface WantedClock {
  flow: string;
  /** `Schedule.id` or `Absence.id`. */
  id: string;
  /** Of a schedule: its next instant. */
  dueAt?: Date;
  /** Of an absence. */
  forSeconds?: number;
}

/** How far a schedule or an absence has come. */
export interface Clock {
  flow: string;
  id: string;
  /** The last instant, or match; else when it was first seen. */
  since: Date;
  /** Of an absence: the `since` of which it was told. */
  told: Date | null;
  /** When it is to be looked at; null = never, unless an event comes. */
  dueAt: Date | null;
}

/** Stale: routers have been at work for long without wanting it. That all of them were away does not make it so. */
export interface KnownClock extends Clock {
  stale: boolean;
}
