import { randomBytes } from 'node:crypto';
import { TOKEN, type ActionCase, type Platform } from '@stellwerk/connector-kit/conformance';
import { instanceOrigin, platformRunKey } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { expect } from 'vitest';

const PROJECT = 'acme/group/shop';
const API = `/api/v4/projects/${encodeURIComponent(PROJECT)}`;

interface Pipeline {
  id: number;
  status: string;
}

interface Job {
  id: number;
  name: string;
  status: string;
}

const sha = (): string => randomBytes(20).toString('hex');

/** What the platform's own API shows. */
const show = async <T>({ url }: Platform, path: string): Promise<T> => {
  const response = await fetch(`${url}${path}`, { headers: { 'private-token': TOKEN } });
  return (await response.json()) as T;
};

/** A pipeline of a developer's push. */
const push = async ({ url }: Platform, more: Record<string, unknown>): Promise<Pipeline> => {
  const response = await fetch(`${url}/_simulator/push`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ project: PROJECT, ...more }) });
  return (await response.json()) as Pipeline;
};

const statusOf = async (platform: Platform, { id }: Pipeline): Promise<string> => (await show<Pipeline>(platform, `${API}/pipelines/${id}`)).status;
const jobsOf = (platform: Platform, { id }: Pipeline): Promise<Job[]> => show(platform, `${API}/pipelines/${id}/jobs?include_retried=true`);

const keyOf = ({ url }: Platform, { id }: Pipeline): string => platformRunKey(instanceOrigin('gitlab', url), PROJECT, String(id));

const ended = async (platform: Platform, status: string): Promise<Pipeline> => {
  const pipeline = await push(platform, { status, milliseconds: 1 });
  await waitFor(async () => (await statusOf(platform, pipeline)) === status, { what: `a pipeline that ended ${status}` });
  return pipeline;
};

const setStatus: ActionCase = {
  action: 'set-status',
  method: 'POST',
  path: '*/statuses/*',
  async prepare(platform) {
    const values = { project: PROJECT, sha: sha(), state: 'success', name: 'stellwerk/f' };
    // Setting the same one twice does no harm: what counts is the last of a name.
    const statuses = () => show<{ id: number; name: string }[]>(platform, `${API}/repository/commits/${values.sha}/statuses`);
    return { with: values, effects: async () => new Set((await statuses()).map(({ name }) => name)).size, outputs: async () => ({ id: (await statuses()).at(-1)?.id }) };
  },
  refused: { with: { project: PROJECT, sha: 'main', state: 'success' }, words: /Commit Not Found/ },
  missing: { project: 'acme/nothing', sha: sha(), state: 'success' },
};

const retry: ActionCase = {
  action: 'retry',
  method: 'POST',
  path: '*/pipelines/*/retry',
  async prepare(platform) {
    const pipeline = await ended(platform, 'failed');
    return {
      with: { project: PROJECT, pipeline: pipeline.id }, effects: async () => (await jobsOf(platform, pipeline)).filter(({ name }) => name === 'scan').length - 1,
      repeats: { key: keyOf(platform, pipeline), after: expect.any(String) as string },
    };
  },
  refused: { with: { project: PROJECT, pipeline: 1 }, words: /no pipeline 1/ },
  missing: { project: 'acme/nothing', pipeline: 1 },
};

const cancel: ActionCase = {
  action: 'cancel',
  method: 'POST',
  path: '*/pipelines/*/cancel',
  async prepare(platform) {
    const pipeline = await push(platform, { status: 'never' });
    return { with: { project: PROJECT, pipeline: pipeline.id }, effects: async () => Number((await statusOf(platform, pipeline)) === 'canceled') };
  },
  refused: { with: { project: PROJECT, pipeline: 1 }, words: /has no pipeline 1/ },
  missing: { project: 'acme/nothing', pipeline: 1 },
};

const playJob: ActionCase = {
  action: 'play-job',
  method: 'POST',
  path: '*/jobs/*/play',
  async prepare(platform) {
    const pipeline = await push(platform, {});
    const played = async () => (await jobsOf(platform, pipeline)).filter(({ name, status }) => name === 'deploy' && status !== 'manual');
    return {
      with: { project: PROJECT, pipeline: pipeline.id, job: 'deploy', variables: { TO: 'staging' } }, effects: async () => (await played()).length,
      outputs: async () => ({ job: (await played())[0]?.id }),
      repeats: { key: keyOf(platform, pipeline) },
    };
  },
  refused: {
    with: async (platform) => ({ project: PROJECT, pipeline: (await ended(platform, 'success')).id, job: 'scan' }),
    words: /cannot be played: it is success/,
  },
  missing: { project: PROJECT, job: 1 },
};

let changes = 0;

const comment: ActionCase = {
  action: 'comment',
  method: 'POST',
  path: '*/merge_requests/*/notes',
  async prepare(platform) {
    const change = (changes += 1);
    const notes = () => show<{ id: number }[]>(platform, `${API}/merge_requests/${change}/notes`);
    return { with: { project: PROJECT, change, body: 'Deployed.' }, effects: async () => (await notes()).length, outputs: async () => ({ comment: (await notes())[0]?.id }) };
  },
  refused: { with: { project: PROJECT, change: 404, body: 'Deployed.' }, words: /404 Not Found/ },
  missing: { project: 'acme/nothing', change: 1, body: 'Deployed.' },
};

/** Actions of GitLab that start no run. */
export const actionCases: readonly ActionCase[] = [setStatus, retry, cancel, playJob, comment];
