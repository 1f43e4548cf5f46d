/** What the demo reads of a run in the status API. */
export interface AttemptSeen {
  number: number;
  state: string;
  outcome?: string | null;
  reason?: string | null;
  run: { id: string; url: string | null } | null;
  startedAt: string | null;
  finishedAt: string | null;
}

export interface StepSeen {
  name: string;
  state: string;
  outcome?: string | null;
  reason?: string | null;
  uses?: string | null;
  attempts: AttemptSeen[];
  rollback: { state: string; attempts: AttemptSeen[] } | null;
  startedAt?: string | null;
  finishedAt?: string | null;
}

export interface RunSeen {
  id: string;
  flow: string;
  state: string;
  reason?: string | null;
  event: { id: string; type: string; connection: string; repository: string | null; branch: string | null; sha: string | null; url: string | null };
  steps: StepSeen[];
  createdAt: string;
  startedAt?: string | null;
  finishedAt?: string | null;
  trace: string | null;
}

export const FINAL_STATES = ['succeeded', 'failed', 'cancelled', 'rolled-back'];
