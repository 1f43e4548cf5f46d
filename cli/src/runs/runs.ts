export interface Attempt {
  number: number;
  state: string;
  outcome: string | null;
  reason: string | null;
  run: { id: string; url: string | null } | null;
}

export interface Step {
  name: string;
  state: string;
  reason: string | null;
  uses: string | null;
  attempts: Attempt[];
  rollback: { state: string; reason: string | null; attempts: Attempt[] } | null;
}

/** As `GET /api/runs/:id` gives it, as far as it is shown here. */
export interface Run {
  id: string;
  flow: string;
  revision: string;
  state: string;
  reason: string | null;
  event: { type: string; connection: string | null; repository: string | null; branch: string | null; sha: string | null; url: string | null; actor: string | null };
  /** Of a join: each of its events, by the name of its part. */
  events: Record<string, { id: string; type: string }> | null;
  inputs: Record<string, unknown> | null;
  steps: Step[];
  attempt: number;
  version: number;
  createdAt: string;
  finishedAt: string | null;
  trace: string | null;
}

export interface RunFilter {
  flow?: string;
  /** One, or several by commas. */
  state?: string;
  repository?: string;
  branch?: string;
  sha?: string;
}

export const FINAL: readonly string[] = ['succeeded', 'failed', 'cancelled', 'rolled-back'];

export const pathOf = (id: string): string => `/api/runs/${encodeURIComponent(id)}`;
