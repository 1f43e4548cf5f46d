import type { PlannedOutcome } from '../kit/outcomes.js';

/** One attempt's times and state. */
export interface GithubAttempt {
  number: number;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  createdAt: string;
  startedAt: string;
  updatedAt: string;
  /** A job was at work: a run that is cancelled while it waits never begins. */
  hasBegun?: boolean;
  /** How it shall end. */
  planned: PlannedOutcome;
}

/** A workflow run as the simulator keeps it. */
export interface GithubRun {
  id: number;
  repository: string;
  /** Other than `repository` for a fork. */
  headRepository: string;
  /** File name. */
  workflow: string;
  number: number;
  event: string;
  branch: string;
  sha: string;
  actor: string;
  title: string;
  message: string;
  createdAt: string;
  /** The last one is the current one. */
  attempts: GithubAttempt[];
}

export const currentAttempt = (run: GithubRun): GithubAttempt => run.attempts.at(-1)!;

/** The run with its current attempt changed. */
export const withAttempt = (run: GithubRun, change: Partial<GithubAttempt>): GithubRun => ({
  ...run,
  attempts: [...run.attempts.slice(0, -1), { ...currentAttempt(run), ...change }],
});
