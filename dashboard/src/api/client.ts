import { authorization } from './token.js';
import type { Page, Run } from './run.js';

/** An answer that is not what was asked for; `message` is the problem's detail. */
export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

export const failed = async (response: Response): Promise<ApiError> => {
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  return new ApiError(response.status, problem.detail ?? `The status service answered ${response.status}.`);
};

export const request = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
  const response = await fetch(path, { ...init, headers: { ...authorization(), ...init.headers } });
  if (!response.ok) throw await failed(response);
  return (await response.json()) as T;
};

export interface RunFilter {
  flow: string;
  state: string;
}

export const listRuns = ({ flow, state }: RunFilter, cursor?: string): Promise<Page<Run>> => {
  const query = new URLSearchParams({ ...(flow && { flow }), ...(state && { state }), ...(cursor && { cursor }) });
  return request(`/api/runs?${query}`);
};

export const getRun = (id: string): Promise<Run> => request(`/api/runs/${encodeURIComponent(id)}`);

const order = <T = { detail: string }>(id: string, what: string, body: object = {}): Promise<T> =>
  request(`/api/runs/${encodeURIComponent(id)}/${what}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export const cancelRun = (id: string): Promise<{ detail: string }> => order(id, 'cancel');

export const retryRun = (id: string): Promise<{ detail: string }> => order(id, 'retry');

export const rollBackRun = (id: string): Promise<{ detail: string }> => order(id, 'rollback');

interface RollbackPlan {
  cancels: string[];
  steps: { step: string; undo: boolean; reason?: string }[];
}

/** What a rollback would do; nothing is done. */
export const planRollback = async (id: string): Promise<RollbackPlan> => (await order<{ plan: RollbackPlan }>(id, 'rollback', { dryRun: true })).plan;
