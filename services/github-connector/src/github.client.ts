import { describe, Refused, type ConnectionCalls } from '@stellwerk/connector-kit';
import type { HttpResponse } from '@stellwerk/http';
import { PermanentError } from '@stellwerk/service-kit';

/** Pinned: without it GitHub chooses, and versions differ in what a dispatch answers. */
export const API_HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' } as const;

/** The fields read of a workflow run. */
export interface RunAnswer {
  id: number | string;
  run_attempt?: number;
  run_number?: number;
  html_url?: string;
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
  if (!statuses.includes(response.status)) throw new Refused(response.status, `GitHub refuses: ${describe(response)}`);
  return response;
};

/** Undefined when GitHub has no such run. */
export const readRun = async (calls: ConnectionCalls, repository: string, id: string): Promise<RunAnswer | undefined> => {
  const response = await calls.read(`${repositoryPath(repository)}/actions/runs/${encodeURIComponent(id)}`, API_HEADERS);
  if (response.status === 404) return undefined;
  return expectStatus(response, 200).json<RunAnswer>();
};

export interface RunFilter {
  createdSince: Date;
  branch?: string;
}

/** Dispatched runs of a repository, newest first, one page. */
export const listDispatchedRuns = async (calls: ConnectionCalls, repository: string, { createdSince, branch }: RunFilter): Promise<RunAnswer[]> => {
  const query = new URLSearchParams({ event: 'workflow_dispatch', created: `>=${createdSince.toISOString().replace(/\.\d+Z$/, 'Z')}`, per_page: '100' });
  if (branch !== undefined) query.set('branch', branch);
  const response = await calls.read(`${repositoryPath(repository)}/actions/runs?${query.toString()}`, API_HEADERS);
  return expectStatus(response, 200).json<{ workflow_runs?: RunAnswer[] }>().workflow_runs ?? [];
};

/** Login of the token's owner; undefined where the token has none (an App) or the server does not say. */
export const readLogin = async (calls: ConnectionCalls): Promise<string | undefined> => {
  const response = await calls.read('/user', API_HEADERS);
  return response.status === 200 ? response.json<{ login?: string }>().login : undefined;
};
