import type { ConnectionCalls } from '@stellwerk/connector-kit';
import { expectStatus, projectPath } from '../gitlab.client.js';
import { nextQuery, PAGE } from '../pages.js';

/** The fields read of a job. */
export interface JobAnswer {
  id: number | string;
  name?: string;
  status?: string;
  created_at?: string;
  web_url?: string;
  pipeline?: { id?: number | string } | null;
}

/** As many as are read of a hook: 2,000 jobs. */
const MOST_PAGES = 20;

/** Jobs of a pipeline, and the platform's clock at that moment, where it tells it. */
export interface Jobs {
  jobs: JobAnswer[];
  /** Milliseconds that the platform's clock is ahead of ours, to about a second; undefined where it does not tell. */
  clockAheadMs?: number;
}

/**
 * The latest job of each name, or all, also those that another took the place of. Undefined when GitLab has no such pipeline.
 * What others told about the commit is none of them: https://docs.gitlab.com/api/jobs/#list-pipeline-jobs
 * @throws Refused when they may not be seen; ReadFailed
 */
export const readJobs = async (calls: ConnectionCalls, project: string, pipeline: string, { retried = false } = {}): Promise<Jobs | undefined> => {
  const jobs: JobAnswer[] = [];
  let query: URLSearchParams | undefined = new URLSearchParams({ per_page: String(PAGE), page: '1', ...(retried ? { include_retried: 'true' } : {}) });
  let clockAheadMs: number | undefined;
  for (let page = 1; query && page <= MOST_PAGES; page += 1) {
    const response = await calls.read(`${projectPath(project)}/pipelines/${encodeURIComponent(pipeline)}/jobs?${query.toString()}`);
    if (response.status === 404) return undefined;
    const found = expectStatus(response, 200).json<JobAnswer[]>();
    jobs.push(...found);
    const date = Date.parse(response.headers.date ?? '');
    if (!Number.isNaN(date)) clockAheadMs = date - Date.now();
    query = nextQuery(response, query, found.length);
  }
  return { jobs, clockAheadMs };
};

/** Whether a pipeline has jobs of its own; undefined when GitLab does not say. @throws ReadFailed */
export const hasJobs = async (calls: ConnectionCalls, project: string, pipeline: string): Promise<boolean | undefined> => {
  const response = await calls.read(`${projectPath(project)}/pipelines/${encodeURIComponent(pipeline)}/jobs?per_page=1`);
  return response.status === 200 ? response.json<JobAnswer[]>().length > 0 : undefined;
};

/** Undefined when GitLab has no such job. @throws Refused, ReadFailed */
export const readJob = async (calls: ConnectionCalls, project: string, id: string): Promise<JobAnswer | undefined> => {
  const response = await calls.read(`${projectPath(project)}/jobs/${encodeURIComponent(id)}`);
  return response.status === 404 ? undefined : expectStatus(response, 200).json<JobAnswer>();
};
