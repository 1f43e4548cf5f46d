/** Which events something is about; an absent filter was not named, so it holds for everything. */
export interface Filters {
  event: string[];
  from?: string[];
  repository?: string[];
  pipeline?: string[];
  branches?: string[];
  tags?: string[];
  base?: string[];
  paths?: string[];
  environments?: string[];
  outcome?: string[];
  cause?: string[];
  actor?: string[];
  forks: boolean;
  if?: string;
}

/** Instants by a clock. `id`: what its state is kept under, whatever else of the flow is edited (ADR 28). */
export interface Schedule {
  id: string;
  /** Five fields. */
  cron: string;
  /** IANA name. */
  zone: string;
}

/** Something that should have happened, and did not for so long. */
export interface Absence {
  id: string;
  of: Filters;
  forMs: number;
}

export interface JoinPart {
  name: string;
  filters: Filters;
}

export const WHEN_MISSING = ['notify', 'start', 'ignore'] as const;

export type WhenMissing = (typeof WHEN_MISSING)[number];

/** Events that start a run together, in whatever order they come. */
export interface Join {
  id: string;
  parts: JoinPart[];
  /** Text with `${{ }}`: events with the same value belong together. */
  key: string;
  withinMs: number;
  missing: WhenMissing;
}

/** One entry of a flow's `on`. With one of `schedule`, `absent` and `all` no single event starts it: its own `event` is empty. */
export interface Trigger extends Filters {
  /** Place in the file, from 0. */
  index: number;
  allowCircle: boolean;
  schedule?: Schedule;
  absent?: Absence;
  all?: Join;
}
