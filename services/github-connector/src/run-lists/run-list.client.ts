import type { ConnectionCalls } from '@stellwerk/connector-kit';
import { readGithubRun, type GithubWorkflowRun } from '@stellwerk/platforms';
import { API_HEADERS, expectStatus, readRunPage, repositoryPath } from '../github.client.js';
import type { RunPage, RunWindow } from '../walk-runs.js';

const JOBS_PAGE = 100;

const attemptPath = (repository: string, id: string, attempt: number): string => `${repositoryPath(repository)}/actions/runs/${encodeURIComponent(id)}/attempts/${attempt}`;

/** One page of the runs of a time, whoever started them; of each only what events are made of. @throws Refused, call errors */
export const readRunsOf = async (calls: ConnectionCalls, repository: string, window: RunWindow, page: number): Promise<RunPage<GithubWorkflowRun>> => {
  const { runs, total } = await readRunPage<unknown>(calls, repository, window, page);
  return { runs: runs.flatMap((run) => readGithubRun(run) ?? []), total };
};

/** A run as it stands in one of its attempts; undefined when it is gone. @throws Refused, call errors */
export const readAttempt = async (calls: ConnectionCalls, repository: string, id: string, attempt: number): Promise<GithubWorkflowRun | undefined> => {
  const response = await calls.read(attemptPath(repository, id, attempt), API_HEADERS);
  return response.status === 404 ? undefined : readGithubRun(expectStatus(response, 200).json<unknown>());
};

/** Whether any job of an attempt got a runner, which is when GitHub says `in_progress`. @throws Refused, call errors */
export const readHasBegun = async (calls: ConnectionCalls, repository: string, id: string, attempt: number): Promise<boolean> => {
  for (let page = 1, seen = 0; ; page += 1) {
    const response = await calls.read(`${attemptPath(repository, id, attempt)}/jobs?per_page=${JOBS_PAGE}&page=${page}`, API_HEADERS);
    if (response.status === 404) return false;
    const { jobs = [], total_count: total = 0 } = expectStatus(response, 200).json<{ jobs?: { runner_id?: number | null }[]; total_count?: number }>();
    // GitHub writes 0 or null where no runner took it.
    if (jobs.some(({ runner_id: runner }) => (runner ?? 0) > 0)) return true;
    seen += jobs.length;
    if (jobs.length === 0 || seen >= total) return false;
  }
};
