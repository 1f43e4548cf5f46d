/** A platform's run that one of our commands started. */
export interface StartedRun {
  id: string;
  attempt: number;
  number?: number;
  url?: string;
  /** As the platform itself writes it; part of the run's key. */
  repository: string;
  pipeline?: string;
}

/** A run that was there before, and that a command has set going again. */
export interface Repeated {
  /** As the platform itself writes it; part of the run's key. */
  repository: string;
  id: string;
  /** The attempt that the command has made, where the platform counts them. */
  attempt?: number;
  /** Where it does not: the end that the run had come to before. Absent: none, or not known. */
  after?: string;
}
