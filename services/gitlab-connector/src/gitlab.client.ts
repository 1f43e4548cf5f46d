import { describe, Refused, type Connection, type ConnectionCalls, type Walked } from '@stellwerk/connector-kit';
import type { HttpResponse } from '@stellwerk/http';
import { nextQuery, PAGE } from './pages.js';

/** The fields read of a pipeline. */
export interface PipelineAnswer {
  id: number | string;
  iid?: number;
  status?: string;
  source?: string;
  ref?: string;
  web_url?: string;
  created_at?: string;
  updated_at?: string;
  /** The last end it came to, also while it runs again. */
  finished_at?: string | null;
  user?: { username?: string } | null;
}

interface VariableAnswer {
  key?: string;
  value?: string;
}

/** Whom the connection's token belongs to; undefined when GitLab does not say. @throws ReadFailed */
export const readUsername = async (calls: ConnectionCalls): Promise<string | undefined> => {
  const response = await calls.read('/api/v4/user');
  return response.status === 200 ? response.json<{ username?: string }>().username : undefined;
};

/** `group/sub/project` or a numeric id, as one path segment. */
export const projectPath = (project: string): string => `/api/v4/projects/${encodeURIComponent(project)}`;

/** @throws Refused */
export const expectStatus = (response: HttpResponse, ...statuses: number[]): HttpResponse => {
  if (!statuses.includes(response.status)) throw new Refused(response.status, `GitLab refuses: ${describe(response)}`);
  return response;
};

const ENDED = new Set(['success', 'failed', 'canceled', 'skipped']);

export const hasEnded = ({ status }: PipelineAnswer): boolean => ENDED.has(status ?? '');

/** Undefined when GitLab has no such pipeline. */
export const readPipeline = async (calls: ConnectionCalls, project: string, id: string): Promise<PipelineAnswer | undefined> => {
  const response = await calls.read(`${projectPath(project)}/pipelines/${encodeURIComponent(id)}`);
  if (response.status === 404) return undefined;
  return expectStatus(response, 200).json<PipelineAnswer>();
};

/** The newest pipeline of a commit, and of a ref where one is named; undefined when GitLab has or shows none. @throws ReadFailed */
export const newestPipeline = async (calls: ConnectionCalls, project: string, { sha, ref }: { sha: string; ref?: string }): Promise<PipelineAnswer | undefined> => {
  const query = new URLSearchParams({ sha, ...(ref === undefined ? {} : { ref }), per_page: '1' });
  const response = await calls.read(`${projectPath(project)}/pipelines?${query.toString()}`);
  return response.status === 200 ? response.json<PipelineAnswer[]>()[0] : undefined;
};

/** Which pipelines of a project to list. Servers that do not know the filters by creation ignore them. */
export interface PipelineFilter {
  updatedAfter: Date;
  createdAfter?: Date;
  createdBefore?: Date;
  ref?: string;
  /** By id, which grows with time. */
  sort: 'asc' | 'desc';
}

export interface PipelinePage {
  pipelines: readonly PipelineAnswer[];
  /** The list goes on. */
  more: boolean;
}

/** Reads one page, from 1: of a hundred, or of what the server gives at most. @throws Refused */
export type ReadPage = (page: number) => Promise<PipelinePage>;

/** Pages of a project's pipelines. The list has no end times. */
export const pipelinePages = (calls: ConnectionCalls, project: string, filter: PipelineFilter): ReadPage => {
  const query = new URLSearchParams({ updated_after: filter.updatedAfter.toISOString(), per_page: String(PAGE), order_by: 'id', sort: filter.sort });
  if (filter.createdAfter) query.set('created_after', filter.createdAfter.toISOString());
  if (filter.createdBefore) query.set('created_before', filter.createdBefore.toISOString());
  if (filter.ref !== undefined) query.set('ref', filter.ref);
  // Where the server pages by key, a page can only be asked for after the one before it.
  const queries = new Map([[1, new URLSearchParams([...query, ['page', '1']])]]);
  return async (page) => {
    const asked = queries.get(page) ?? new URLSearchParams([...query, ['page', String(page)]]);
    const response = await calls.read(`${projectPath(project)}/pipelines?${asked.toString()}`);
    const pipelines = expectStatus(response, 200).json<PipelineAnswer[]>();
    const next = nextQuery(response, asked, pipelines.length);
    if (next) queries.set(page + 1, next);
    return { pipelines, more: next !== undefined };
  };
};

/** Hands out pages until `visit` says that it has seen enough, at most so many. @throws Refused */
export const walkPipelines = async (read: ReadPage, pages: number, visit: (page: readonly PipelineAnswer[]) => boolean | Promise<boolean>): Promise<Walked> => {
  for (let page = 1; page <= pages; page += 1) {
    const { pipelines, more } = await read(page);
    if (await visit(pipelines)) return 'stopped';
    if (!more) return 'whole';
  }
  return 'cut';
};

/** Value of a pipeline's variable; undefined without it, `unreadable` when we may not look. */
export const readVariable = async (calls: ConnectionCalls, project: string, id: string, name: string): Promise<{ value?: string } | 'unreadable'> => {
  const response = await calls.read(`${projectPath(project)}/pipelines/${encodeURIComponent(id)}/variables`);
  if (response.status !== 200) return 'unreadable';
  return { value: response.json<VariableAnswer[]>().find(({ key }) => key === name)?.value };
};

/**
 * The project's full path in GitLab's own spelling, which hooks use too. A pipeline's address tells it; asked for only where it does not.
 */
export const projectOf = async (calls: ConnectionCalls, pipeline: PipelineAnswer, project: string): Promise<string> => {
  const told = projectIn(pipeline.web_url, calls.connection);
  if (told !== undefined) return told;
  if (!/^\d+$/.test(project)) return project;
  const response = expectStatus(await calls.read(projectPath(project)), 200);
  return response.json<{ path_with_namespace?: string }>().path_with_namespace ?? project;
};

/** `https://gitlab.example.com/sub/group/project/-/pipelines/1` → `group/project` for an instance below `/sub`. */
export const projectIn = (webUrl: string | undefined, { url }: Pick<Connection, 'url'>): string | undefined => {
  const path = URL.parse(webUrl ?? '')?.pathname.split('/-/', 1)[0];
  const root = new URL(url).pathname.replace(/\/+$/, '');
  if (!path || !webUrl?.includes('/-/pipelines/')) return undefined;
  return decodeURIComponent((path.startsWith(`${root}/`) ? path.slice(root.length) : path).replace(/^\/+/, '')) || undefined;
};
