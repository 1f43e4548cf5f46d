import { Gitlab } from '@gitbeaker/rest';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningSimulator } from '../kit/types.js';
import { freshJournal, receiveHooks, until } from '../spec/hook-receiver.js';
import { startGitlabSimulator } from './gitlab.simulator.js';

const SIGNING_TOKEN = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';
const PATH = 'acme/tools/shop-scan';

describe('the GitLab simulator', () => {
  let gitlab: RunningSimulator;
  let api: InstanceType<typeof Gitlab>;
  let receiver: Awaited<ReturnType<typeof receiveHooks>>;

  beforeEach(async () => {
    receiver = await receiveHooks();
    gitlab = await startGitlabSimulator({
      journalFile: freshJournal(),
      hookUrl: receiver.url,
      token: 'good',
      signingToken: SIGNING_TOKEN,
      hookToken: 'plain',
      runMilliseconds: 80,
      projects: [
        { id: 42, path: PATH, refs: ['main', 'v1'], tags: ['v1'], triggerTokens: ['trigger-me'], inputs: ['sha'] },
        { id: 43, path: 'acme/strict', variablesForbidden: true },
      ],
    });
    api = new Gitlab({ host: gitlab.url, token: 'good' });
  });
  afterEach(async () => {
    await gitlab.close();
    await receiver.close();
  });

  const ended = (id: number): Promise<Record<string, unknown>> =>
    until('the pipeline to end', async () => {
      const pipeline = (await api.Pipelines.show(PATH, id)) as unknown as Record<string, unknown>;
      return ['success', 'failed', 'canceled'].includes(pipeline['status'] as string) && pipeline;
    });
  const create = async (variables: { key: string; value: string }[] = []): Promise<number> =>
    (await api.Pipelines.create(PATH, 'main', { variables: variables as never })).id;
  const post = async (path: string, body: unknown, token = 'good'): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${gitlab.url}/api/v4${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'private-token': token },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };

  it('lets a foreign client start, look at and list pipelines, by nested path or number', async () => {
    const id = await create([{ key: 'STELLWERK_ID', value: 'run:scan:run:1' }]);
    expect(await ended(id)).toMatchObject({
      id,
      status: 'success',
      ref: 'main',
      source: 'api',
      project_id: 42,
      web_url: `${gitlab.url}/${PATH}/-/pipelines/${id}`,
    });
    expect(await api.Pipelines.allVariables(42, id)).toMatchObject([{ key: 'STELLWERK_ID', value: 'run:scan:run:1' }]);
    const second = await create();
    await ended(second);
    expect((await api.Pipelines.all(42, { ref: 'main', source: 'api', perPage: 1, status: 'success' })).map((pipeline) => pipeline.id)).toEqual([
      second,
      id,
    ]);
    expect(await api.Pipelines.all(42, { updatedAfter: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
    expect((await fetch(`${gitlab.url}/${PATH}/-/pipelines/${id}`)).status).toBe(200);
  });

  it('lists the pipelines of a time, from either end, by pages', async () => {
    const ids: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      ids.push(await create());
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const createdAt = new Map((gitlab.runs() as { id: number; created_at: string }[]).map((run) => [run.id, run.created_at]));
    const list = async (more: string): Promise<{ ids: number[]; total: string | null; next: string | null }> => {
      const query = `created_after=${createdAt.get(ids[0]!)}&created_before=${createdAt.get(ids[5]!)}&per_page=3&order_by=id&${more}`;
      const response = await fetch(`${gitlab.url}/api/v4/projects/42/pipelines?${query}`, { headers: { 'private-token': 'good' } });
      const found = (await response.json()) as { id: number }[];
      return { ids: found.map(({ id }) => id), total: response.headers.get('x-total'), next: response.headers.get('x-next-page') };
    };
    expect(await list('sort=asc')).toEqual({ ids: ids.slice(1, 4), total: '4', next: '2' });
    expect(await list('sort=asc&page=2')).toEqual({ ids: ids.slice(4, 5), total: '4', next: '' });
    expect(await list('sort=desc')).toEqual({ ids: ids.slice(2, 5).reverse(), total: '4', next: '2' });
    const journal = await gitlab.journal();
    expect(journal.filter(({ path, answer }) => path.includes('/pipelines?') && Array.isArray(answer?.body))).toHaveLength(3);
  });

  it('takes a trigger token in the body, as JSON or form, and no other', async () => {
    const started = await api.PipelineTriggerTokens.trigger(42, 'main', 'trigger-me', { variables: { STELLWERK_ID: 'x' } });
    expect(started).toMatchObject({ source: 'trigger', ref: 'main' });
    expect(await api.Pipelines.allVariables(42, started.id)).toMatchObject([{ key: 'STELLWERK_ID', value: 'x' }]);
    expect((await post('/projects/42/trigger/pipeline', { token: 'wrong', ref: 'main' })).status).toBe(404);
    const form = await fetch(`${gitlab.url}/api/v4/projects/42/trigger/pipeline`, {
      method: 'POST',
      body: new URLSearchParams({ token: 'trigger-me', ref: 'v1', 'variables[A]': '1' }),
    });
    expect(form.status).toBe(201);
    expect(await form.json()).toMatchObject({ ref: 'v1', tag: true });
  });

  it('refuses as GitLab does', async () => {
    expect(await post('/projects/42/pipeline', {})).toEqual({ status: 400, body: { error: 'ref is missing' } });
    expect(await post('/projects/42/pipeline', { ref: 'gone' })).toEqual({ status: 400, body: { message: { base: ['Reference not found'] } } });
    expect((await post('/projects/42/pipeline', { ref: 'main', inputs: { nope: '1' } })).status).toBe(400);
    expect((await post('/projects/42/pipeline', { ref: 'main', inputs: { sha: 'a' } })).status).toBe(201);
    expect((await post('/projects/none/pipeline', { ref: 'main' })).status).toBe(404);
    expect((await post('/projects/42/pipeline', { ref: 'main' }, 'bad')).status).toBe(401);
    expect(await post('/projects/43/pipeline', { ref: 'main', variables: [{ key: 'A', value: '1' }] })).toEqual({
      status: 400,
      body: { message: { base: ['Insufficient permissions to set pipeline variables'] } },
    });
  });

  it('retries a failed pipeline under the same id with a later end, and cancels one that goes on', async () => {
    gitlab.outcomes.next(PATH, ['failed', 'success', 'never']);
    const id = await create();
    const first = await ended(id);
    expect(first['status']).toBe('failed');
    await api.Pipelines.retry(42, id);
    const second = await until('the second attempt', async () => {
      const pipeline = await api.Pipelines.show(42, id);
      return pipeline.status === 'success' && pipeline;
    });
    expect(Date.parse(String(second.finished_at))).toBeGreaterThan(Date.parse(first['finished_at'] as string));
    const stuck = await create();
    await api.Pipelines.cancel(42, stuck);
    expect((await ended(stuck))['status']).toBe('canceled');
    expect((await post(`/projects/42/pipelines/${stuck}/cancel`, {})).status).toBe(200);
  });

  it('signs its hooks, says some states twice and uses the dates of hooks', async () => {
    gitlab.outcomes.next(PATH, ['failed']);
    const id = await create([{ key: 'STELLWERK_ID', value: 'abc' }]);
    await until('the last hook', () =>
      receiver.hooks.some((hook) => hook.headers['x-gitlab-event'] === 'Job Hook' && hook.body.includes('"build_status":"failed"')),
    );
    for (const hook of receiver.hooks) {
      expect(() => new Webhook(SIGNING_TOKEN).verify(hook.body, hook.headers)).not.toThrow();
      expect(hook.headers).toMatchObject({ 'x-gitlab-token': 'plain', 'idempotency-key': hook.headers['webhook-id'] });
    }
    const pipelines = receiver.hooks
      .filter((hook) => hook.headers['x-gitlab-event'] === 'Pipeline Hook')
      .map((hook) => JSON.parse(hook.body) as { object_attributes: Record<string, unknown> });
    expect(pipelines.map((hook) => hook.object_attributes['status']).sort()).toEqual(['failed', 'pending', 'running', 'running']);
    const end = pipelines.find((hook) => hook.object_attributes['status'] === 'failed')!;
    expect(end.object_attributes).toMatchObject({ id, ref: 'main', variables: [{ key: 'STELLWERK_ID', value: 'abc' }] });
    expect(end.object_attributes['finished_at']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
  });

  it('refuses the same commit status twice', async () => {
    const set = (state: string): Promise<{ status: number; body: unknown }> =>
      post(`/projects/42/statuses/${'b'.repeat(40)}`, { state, name: 'stellwerk/release' });
    expect((await set('running')).status).toBe(201);
    expect(await set('running')).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('Cannot transition status via :run from :running') },
    });
    expect((await set('success')).status).toBe(201);
  });

  it('answers 429 until the time has passed, and nothing was started', async () => {
    gitlab.faults.add({ kind: 'status', status: 429, retryAfter: 7, method: 'POST', path: '*/pipeline', times: 2 });
    const response = await fetch(`${gitlab.url}/api/v4/projects/42/pipeline`, {
      method: 'POST',
      headers: { 'private-token': 'good', 'content-type': 'application/json' },
      body: '{"ref":"main"}',
    });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
    expect(gitlab.runs()).toEqual([]);
  });
});
