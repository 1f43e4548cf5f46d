import type { Filters } from './trigger.js';

/** Who has to say yes. `by`: people, and `team:<name>`. */
export interface ApprovalRule {
  by: string[];
  /** So many different people. */
  count: number;
  /** The actor of the starting event must not vote. */
  notAuthor: boolean;
  withinMs?: number;
}

/** Waits for an event of a platform that comes after the run began. */
export interface EventWait {
  on: Filters;
  /** Template over `event`: filled from the event that started the run and from each that comes, it gives the same text for those that belong together. */
  key?: string;
  withinMs?: number;
}

/** For a time, or for an event. */
export type Wait = { ms: number } | EventWait;

/** A time in which nothing is deployed. */
export type Freeze =
  | { from: string; to: string; reason?: string }
  /** From each time that the cron expression names in its zone, for so long. */
  | { cron: string; forMs: number; zone: string; reason?: string };
