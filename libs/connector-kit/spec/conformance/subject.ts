import { expect } from 'vitest';
import type { Platform as PlatformName, ServiceName } from '@stellwerk/contracts';

/** The part of a simulator that the suite uses. */
export interface Platform {
  readonly url: string;
  readonly faults: { add(...faults: Fault[]): void; clear(): void };
  readonly outcomes: { next(key: string, outcomes: (string | { result: string; milliseconds?: number })[]): void };
  runs(): unknown[];
  journal(): Promise<{ kind: string; method: string; path: string; at: string; answer?: { status: number }; fault?: string }[]>;
  close(): Promise<void>;
}

interface Fault {
  kind: 'delay' | 'reset-before' | 'reset-after' | 'hang-before' | 'hang-after' | 'status' | 'status-after' | 'malformed' | 'slow-body' | 'huge-body';
  method?: string;
  path?: string;
  times?: number;
  delayMs?: number;
  status?: number;
  retryAfter?: number;
  retryAfterAsDate?: boolean;
  headers?: Record<string, string>;
  body?: unknown;
}

/** One connector, as the suite has to know it. */
export interface Subject {
  service: ServiceName;
  platform: PlatformName;
  /** Starts the platform, with a token that it takes. */
  start(options: { journalFile: string; token: string; runMilliseconds: number }): Promise<Platform>;
  /** `auth` of the connections. */
  auth(token: { env: string } | { file: string }): object;
  /** What the `spec` of the connections has beside that. */
  settings?: object;
  action: string;
  /** A `with` that works, whose run can tell our id. */
  works: Record<string, unknown>;
  /** The n-th of several that work at once, where the platform does one of a kind at a time. */
  several?(n: number): Record<string, unknown>;
  /** One that works, whose run cannot carry our id; where there is none such, one like `works`. */
  worksWithoutCarrier: Record<string, unknown>;
  /** One that the platform refuses, and a part of its words. */
  refused: { with: Record<string, unknown>; words: RegExp };
  /** One that names what is not there. */
  missing: Record<string, unknown>;
  /** Key of the outcomes of `works`. */
  outcomeKey: string;
  /** The platform's word for a run that failed. */
  failed?: string;
  /** The call that starts something, as path with `*`. */
  triggerPath: string;
  /** Repository of the event of a run of `works`. */
  repository: string;
  /** What the action gives to later steps, by the run that it started; absent: nothing. */
  outputs?(run: { id: string; number?: number }): object;
  /** Milliseconds between two triggers of `works` below which a crash leaves it to a person which of the two was ours: the platform shows only the last. */
  restMs?: number;
  /** Address of a run as the platform shows it; with `byId` the run's id, where several runs have one address. */
  urlOf(run: unknown): string;
  byId?: boolean;
}

/** An action that has no run to follow, as the suite has to know it. */
export interface ActionCase {
  action: string;
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The call that has the effect, as path with `*`. */
  path: string;
  /** A new object for the action to work on. */
  prepare(platform: Platform): Promise<PreparedAction>;
  /** One that the platform refuses by itself, and a part of its words. `with` may have to be made there first. */
  refused: { with: Record<string, unknown> | ((platform: Platform) => Promise<Record<string, unknown>>); words: RegExp };
  /** One that names what is not there. */
  missing: Record<string, unknown>;
  /** The platform cannot show that it was not done: after an answer that tells nothing and no effect, a person decides. */
  absenceIsNeverSure?: boolean;
}

export interface PreparedAction {
  with: Record<string, unknown>;
  /** How often it has been worked on, as the platform itself shows it. */
  effects: () => number | Promise<number>;
  /** What the action has to give, as the platform itself shows it; absent: nothing. */
  outputs?: () => Promise<object>;
  /** What has to be told of the run that it sets going again, the same by the answer and by a look-up; absent: it sets none going. */
  repeats?: object;
}

/** As the answer to a command has to tell it; nothing is repeated by what nobody knows to have arrived. */
export const toldRepeats = (repeats: object | undefined, isAccepted = true): unknown => (repeats && isAccepted ? expect.objectContaining(repeats) : undefined);

/** True when the path, less its query, fits; `*` stands for any text. */
export const matches = (glob: string, path: string): boolean =>
  new RegExp(`^${glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`).test(path.split('?')[0]!);
