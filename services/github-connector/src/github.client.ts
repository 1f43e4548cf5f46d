import { cutTo, describe, Refused, type ConnectionCalls, type SendGuard, type Walked } from '@stellwerk/connector-kit';
import { MalformedResponse, type HttpResponse } from '@stellwerk/http';
import { PermanentError } from '@stellwerk/service-kit';

/** Pinned: without it GitHub chooses, and versions differ in what a dispatch answers. */
export const API_HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' } as const;

/** The fields read of a workflow run. */
export interface RunAnswer {
  id: number | string;
  run_attempt?: number;
  /** Of the latest attempt. */
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

/** What was made, as the answer shows it; nothing of it when the answer cannot be read: it was made all the same. */
export const madeIn = <T extends object>(response: HttpResponse): Partial<T> => {
  try {
    return response.json<T | null>() ?? {};
  } catch (error) {
    if (error instanceof MalformedResponse) return {};
    throw error;
  }
};

/** Sends JSON to the API under the pinned version. */
export const writeJson = (calls: ConnectionCalls, guard: SendGuard, { method = 'POST', path, json }: { method?: 'POST' | 'PATCH'; path: string; json?: unknown }): Promise<HttpResponse> =>
  calls.write({ method, path, headers: API_HEADERS, json }, guard);

/** 202 = asked for; 409 = it has ended already. @throws Refused */
export const cancelRun = async (calls: ConnectionCalls, { repository, id }: { repository: string; id: string }, guard: SendGuard): Promise<void> => {
  expectStatus(await writeJson(calls, guard, { path: `${repositoryPath(repository)}/actions/runs/${encodeURIComponent(id)}/cancel` }), 202, 409);
};

/** Undefined when GitHub has no such run. */
export const readRun = async (calls: ConnectionCalls, repository: string, id: string): Promise<RunAnswer | undefined> => {
  const response = await calls.read(`${repositoryPath(repository)}/actions/runs/${encodeURIComponent(id)}`, API_HEADERS);
  if (response.status === 404) return undefined;
  return expectStatus(response, 200).json<RunAnswer>();
};

/** A span of time in which runs were created. */
export interface RunWindow {
  from: Date;
  /** Open without it. */
  until?: Date;
}

/** What starts runs by order. */
export type DispatchEvent = 'workflow_dispatch' | 'repository_dispatch';

const PAGE = 100;
/** What a filtered search shows at most: https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-repository */
const SEARCH_LIMIT = 1_000;
const SECOND_MS = 1_000;

/**
 * Hands out the runs of a repository that such an event started and that were created in the window, in pages of which each is newest first, until `visit`
 * says that it has seen enough. A bounded window that holds more than a search shows is cut in halves, the older one first.
 * @throws Refused
 */
export const walkDispatchedRuns = async (
  calls: ConnectionCalls, repository: string, { event, window, most }: { event: DispatchEvent; window: RunWindow; most: number }, visit: (page: readonly RunAnswer[]) => boolean,
): Promise<Walked> => {
  const windows = [window];
  for (let page = 1, seen = 0, reads = 0; windows.length > 0; reads += 1) {
    if (reads === most) return 'cut';
    const { runs, total } = await readRuns(calls, repository, { event, ...windows[0]! }, page);
    const halves = page === 1 && (total ?? 0) >= SEARCH_LIMIT ? halvesOf(windows[0]!) : [];
    if (halves.length === 0 && visit(runs)) return 'stopped';
    seen += runs.length;
    const more = halves.length === 0 && (total === undefined ? runs.length === PAGE : runs.length > 0 && seen < total);
    if (more && seen >= SEARCH_LIMIT) return 'cut';
    if (!more) windows.splice(0, 1, ...halves);
    page = more ? page + 1 : 1;
    if (!more) seen = 0;
  }
  return 'whole';
};

const readRuns = async (calls: ConnectionCalls, repository: string, { event, from, until }: RunWindow & { event: DispatchEvent }, page: number): Promise<{ runs: RunAnswer[]; total?: number }> => {
  const created = until ? `${toSecond(from)}..${toSecond(until)}` : `>=${toSecond(from)}`;
  const query = new URLSearchParams({ event, created, per_page: String(PAGE), page: String(page) });
  const response = await calls.read(`${repositoryPath(repository)}/actions/runs?${query.toString()}`, API_HEADERS);
  const { workflow_runs: runs = [], total_count: total } = expectStatus(response, 200).json<{ workflow_runs?: RunAnswer[]; total_count?: number }>();
  return { runs, total };
};

/** GitHub takes no longer descriptions of statuses. */
const MAX_DESCRIPTION = 140;

/** As a description that GitHub takes. */
export const shortened = (text: string): string => cutTo(text, MAX_DESCRIPTION);

const toSecond = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');

/** In whole seconds, to which GitHub keeps these times; none of one second. */
const halvesOf = ({ from, until }: RunWindow): RunWindow[] => {
  const [first, last] = [from, until ?? from].map((time) => Math.floor(time.getTime() / SECOND_MS)) as [number, number];
  if (first >= last) return [];
  const middle = Math.floor((first + last) / 2);
  const span = (start: number, end: number): RunWindow => ({ from: new Date(start * SECOND_MS), until: new Date(end * SECOND_MS) });
  return [span(first, middle), span(middle + 1, last)];
};

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
