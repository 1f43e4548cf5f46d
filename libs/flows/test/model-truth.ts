import type { Command, Outcome } from '@stellwerk/contracts';
import type { PlatformRunState } from '../src/planning/plan.js';

/** What a connector makes of a command. `lost`: the call's outcome is not known; `ran` is what only the platform knows. `echoes`: its hooks tell our id. */
export type Fate = { kind: 'starts'; echoes: boolean } | { kind: 'refused' | 'error' } | { kind: 'lost'; ran: boolean; echoes: boolean };

/** What is true of a command at its platform, whatever the router has heard of it. */
export interface Truth {
  command: Command;
  fate?: Fate;
  /** There is a run at the platform. */
  started: boolean;
  ended?: Outcome;
  /** We ordered its cancellation. */
  cancelled: boolean;
  /** A person said that it never ran. */
  writtenOff: boolean;
  /** A person said that it ran. */
  confirmed?: boolean;
}

/** Nothing more can come of it: the platform's word, or a person's. */
export const isSettled = ({ ended, cancelled, writtenOff, confirmed, fate, started, command }: Truth): boolean =>
  ended !== undefined || cancelled || writtenOff || (!command.await && (confirmed || fate?.kind === 'starts')) || (fate !== undefined && !started && fate.kind !== 'lost');

const RANK = { queued: 0, started: 1, finished: 2 } as const;

/** The later of two states of the same attempt of a platform's run. */
export const isLater = (next: PlatformRunState, known: PlatformRunState | undefined): boolean => !known || RANK[next.predicate] > RANK[known.predicate];
