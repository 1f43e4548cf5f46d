import { describe, Refused, type Connection, type ConnectionCalls } from '@stellwerk/connector-kit';
import type { HttpResponse } from '@stellwerk/http';

/** The fields read of a pipeline. */
export interface PipelineAnswer {
  id: number | string;
  iid?: number;
  status?: string;
  ref?: string;
  web_url?: string;
  created_at?: string;
  user?: { username?: string } | null;
}

interface VariableAnswer {
  key?: string;
  value?: string;
}

/** `group/sub/project` or a numeric id, as one path segment. */
export const projectPath = (project: string): string => `/api/v4/projects/${encodeURIComponent(project)}`;

/** @throws Refused */
export const expectStatus = (response: HttpResponse, ...statuses: number[]): HttpResponse => {
  if (!statuses.includes(response.status)) throw new Refused(response.status, `GitLab refuses: ${describe(response)}`);
  return response;
};

/** Undefined when GitLab has no such pipeline. */
export const readPipeline = async (calls: ConnectionCalls, project: string, id: string): Promise<PipelineAnswer | undefined> => {
  const response = await calls.read(`${projectPath(project)}/pipelines/${encodeURIComponent(id)}`);
  if (response.status === 404) return undefined;
  return expectStatus(response, 200).json<PipelineAnswer>();
};

/** Pipelines that moved since then, newest first, one page. The list has fewer fields than the single pipeline: no end time. */
export const listPipelines = async (calls: ConnectionCalls, project: string, since: Date, ref?: string): Promise<PipelineAnswer[]> => {
  const query = new URLSearchParams({ updated_after: since.toISOString(), per_page: '100', order_by: 'id', sort: 'desc', ...(ref === undefined ? {} : { ref }) });
  return expectStatus(await calls.read(`${projectPath(project)}/pipelines?${query.toString()}`), 200).json<PipelineAnswer[]>();
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
