import type { FaultSwitch } from './faults.js';
import type { HookRecord, HookSwitch } from './hooks.js';
import type { OutcomeBook } from './outcomes.js';

/** What every simulator takes. */
export interface SimulatorOptions {
  /** 0 or absent: a free one, and after a restart over the same journal the one it had before. */
  port?: number;
  /** JSON lines, one a request or hook. The state lies beside it as `<journalFile>.state`, and a restart goes on from it. */
  journalFile: string;
  /** Where its webhooks go; none are sent when absent. */
  hookUrl?: string;
  /** False: the journal says that a hook was sent and how it was answered, but not what it said. Default true. */
  journalHookBodies?: boolean;
  /** From created to ended, when nothing else is told. Default 300. */
  runMilliseconds?: number;
}

/** One request that was taken, or one hook that was sent. */
export interface JournalEntry {
  kind: 'request' | 'hook';
  /** Arrival of the request, or the moment a hook left. ISO 8601 with milliseconds. */
  at: string;
  simulator: string;
  method: string;
  /** With query. Of a hook: the URL, tokens hidden. */
  path: string;
  /** Lower-case names; credentials read `***`. */
  headers: Record<string, string>;
  /** JSON where it is JSON, else the text. */
  body?: unknown;
  /** What was answered; absent when a fault let nothing out. */
  answer?: { status: number; headers?: Record<string, string>; body?: unknown };
  /** Hooks: the object's id and state. */
  about?: string;
  /** The fault that was at work, e.g. `reset-after`. */
  fault?: string;
  /** False when a fault kept the simulator from acting. */
  acted?: boolean;
  /** Under a fault: the status the simulator came to, whether or not it could be heard. */
  decided?: number;
}

/** One request, body read whole. */
export interface Exchange {
  method: string;
  /** As it came, still encoded, without query. */
  path: string;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: Buffer;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** A text goes out as it is, anything else as JSON; absent: no body. */
  body?: unknown;
}

/** A simulator that listens. */
export interface RunningSimulator {
  readonly name: string;
  /** Without trailing slash. */
  readonly url: string;
  journal(): Promise<JournalEntry[]>;
  readonly faults: FaultSwitch;
  readonly hooks: HookSwitch;
  readonly outcomes: OutcomeBook;
  /** Hooks as they were meant to leave, with what became of each. */
  sentHooks(): HookRecord[];
  /** Sends a delivery once more under its id; false when there is none of that number. */
  redeliver(id: number): boolean;
  /** The platform's runs as its own API shows them. */
  runs(): unknown[];
  /** Starts a run that is not ours, like a developer's push; see each simulator. Gives the run as the API shows it. */
  push(request: Record<string, unknown>): unknown;
  close(): Promise<void>;
}
