import { cutTo, describe, Refused, type ConnectionCalls, type SendGuard, type Walked } from '@stellwerk/connector-kit';
import type { HttpResponse } from '@stellwerk/http';
import { PermanentError } from '@stellwerk/service-kit';
import { createdIn, walkRuns, type RunPage, type RunWindow } from './walk-runs.js';

/** Pinned: without it GitHub chooses, and versions differ in what a dispatch answers. */
export const API_HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' } as const;

/** The fields read of a workflow run. */
export interface RunAnswer {
  id: number | string;
  run_attempt?: number;
  /** Of the latest attempt, or of the one that was asked for. */
  run_started_at?: string;
  run_number?: number;
  html_url?: string;
  name?: string;
  path?: string;
  workflow_id?: number;
  display_title?: string;
  head_branch?: string | null;
  created_at?: string;
  actor?: { login?: string } | null;
  repository?: { full_name?: string };
}

/** `owner/name` as path segments. @throws PermanentError for anything else */
export const repositoryPath = (repository: string): string => {
  const parts = repository.split('/');
  if (parts.length !== 2 || parts.some((part) => !/^[\w.-]+$/.test(part) || /^\.+$/.test(part))) throw new PermanentError(`repository "${repository}" is not owner/name`);
  return `/repos/${parts.join('/')}`;
};

/** @throws Refused */
export const expectStatus = (response: HttpResponse, ...statuses: number[]): HttpResponse => {
  if (statuses.includes(response.status)) return response;
  // GitHub says 404 also of what the token may not see.
  if (response.status === 404) throw new Refused(404, `GitHub knows nothing of that name, or the credentials may not see it (${describe(response)})`);
  throw new Refused(response.status, `GitHub refuses: ${describe(response)}`);
};

/** Sends JSON to the API under the pinned version. */
export const writeJson = (calls: ConnectionCalls, guard: SendGuard, { method = 'POST', path, json }: { method?: 'POST' | 'PATCH'; path: string; json?: unknown }): Promise<HttpResponse> =>
  calls.write({ method, path, headers: API_HEADERS, json }, guard);

/** 202 = asked for; 409 = it has ended already. @throws Refused */
export const cancelRun = async (calls: ConnectionCalls, { repository, id }: { repository: string; id: string }, guard: SendGuard): Promise<void> => {
  expectStatus(await writeJson(calls, guard, { path: `${repositoryPath(repository)}/actions/runs/${encodeURIComponent(id)}/cancel` }), 202, 409);
};

const readShown = async (calls: ConnectionCalls, path: string): Promise<RunAnswer | undefined> => {
  const response = await calls.read(path, API_HEADERS);
  return response.status === 404 ? undefined : expectStatus(response, 200).json<RunAnswer>();
};

/** Undefined when GitHub has no such run. */
export const readRun = (calls: ConnectionCalls, repository: string, id: string): Promise<RunAnswer | undefined> =>
  readShown(calls, `${repositoryPath(repository)}/actions/runs/${encodeURIComponent(id)}`);

/** The run as it was at one of its attempts; undefined when GitHub has none of that number. */
export const readAttempt = (calls: ConnectionCalls, repository: string, id: string, attempt: number): Promise<RunAnswer | undefined> =>
  readShown(calls, `${repositoryPath(repository)}/actions/runs/${encodeURIComponent(id)}/attempts/${attempt}`);

/** What starts runs by order. */
export type DispatchEvent = 'workflow_dispatch' | 'repository_dispatch';

const PAGE = 100;

/**
 * Hands out the runs of a repository that such an event started and that were created in the window, in pages of which each is newest first, until `visit`
 * says that it has seen enough. @throws Refused
 */
export const walkDispatchedRuns = (
  calls: ConnectionCalls, repository: string, { event, ...span }: { event: DispatchEvent; window: RunWindow; most: number }, visit: (page: readonly RunAnswer[]) => boolean,
): Promise<Walked> => walkRuns((window, page) => readRunPage<RunAnswer>(calls, repository, { ...window, event }, page), span, visit);

/** One page of a repository's runs of a time, newest first, as GitHub shows them. @throws Refused */
export const readRunPage = async <T>(calls: ConnectionCalls, repository: string, { event, ...window }: RunWindow & { event?: DispatchEvent }, page: number): Promise<RunPage<T>> => {
  const query = new URLSearchParams({ ...(event ? { event } : {}), created: createdIn(window), per_page: String(PAGE), page: String(page) });
  const response = await calls.read(`${repositoryPath(repository)}/actions/runs?${query.toString()}`, API_HEADERS);
  const { workflow_runs: runs = [], total_count: total } = expectStatus(response, 200).json<{ workflow_runs?: T[]; total_count?: number }>();
  return { runs, total };
};

/** GitHub takes no longer descriptions of statuses. */
const MAX_DESCRIPTION = 140;

/** As a description that GitHub takes. */
export const shortened = (text: string): string => cutTo(text, MAX_DESCRIPTION);

/**
 * Hands out a list page by page, until `visit` says that it has seen enough.
 * @throws Refused
 */
export const readList = async <T>(
  calls: ConnectionCalls, path: string, { query, most }: { query: Record<string, string>; most: number }, visit: (page: readonly T[]) => boolean,
): Promise<Walked> => {
  for (let page = 1; page <= most; page += 1) {
    const search = new URLSearchParams({ ...query, per_page: String(PAGE), page: String(page) });
    const items = expectStatus(await calls.read(`${path}?${search.toString()}`, API_HEADERS), 200).json<T[]>();
    if (visit(items)) return 'stopped';
    if (items.length < PAGE) return 'whole';
  }
  return 'cut';
};

/** Login of the token's owner; undefined where the token has none (an App) or the server does not say. */
export const readLogin = async (calls: ConnectionCalls): Promise<string | undefined> => {
  const response = await calls.read('/user', API_HEADERS);
  return response.status === 200 ? response.json<{ login?: string }>().login : undefined;
};
