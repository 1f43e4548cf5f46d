import { Gitlab } from '@gitbeaker/rest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningSimulator } from '../kit/types.js';
import { freshJournal, until } from '../spec/hook-receiver.js';
import { type GitlabSimulatorOptions, startGitlabSimulator } from './gitlab.simulator.js';

const PATH = 'acme/tools/shop-scan';

describe('a user of @gitbeaker/rest finds in the GitLab simulator what GitLab shows', () => {
  let gitlab: RunningSimulator;
  let api: InstanceType<typeof Gitlab>;

  const start = async (options: Partial<GitlabSimulatorOptions> = {}): Promise<void> => {
    gitlab = await startGitlabSimulator({
      journalFile: freshJournal(), token: 'good', runMilliseconds: 40,
      projects: [{ id: 42, path: PATH, refs: ['main', 'v1'], tags: ['v1'], triggerTokens: ['trigger-me'] }, { id: 43, path: 'acme/strict', variablesForbidden: true }],
      ...options,
    });
    api = new Gitlab({ host: gitlab.url, token: 'good' });
  };
  beforeEach(() => start());
  afterEach(() => gitlab.close());

  const create = async (ref = 'main'): Promise<number> => (await api.Pipelines.create(PATH, ref)).id;
  const ended = (id: number) =>
    until('the pipeline to end', async () => {
      const pipeline = await api.Pipelines.show(42, id);
      return ['success', 'failed', 'canceled'].includes(pipeline.status) && pipeline;
    });
  const refusal = (call: Promise<unknown>): Promise<unknown> => call.then(() => 'taken', (error: Error) => error.message);

  it('triggers a pipeline with variables, by access token and by trigger token, and reads it', async () => {
    const variables = [{ key: 'SHA', value: 'a b&c=ü' }, { key: 'STELLWERK_ID', value: 'run:scan:run:1' }];
    const created = await api.Pipelines.create(PATH, 'main', { variables: variables as never });
    expect(created).toMatchObject({ ref: 'main', source: 'api', project_id: 42, tag: false });
    expect(await api.Pipelines.allVariables(PATH, created.id)).toMatchObject(variables);
    // Sent as a form, which gitbeaker 43.8 makes of an unescaped query: it splits values at `&` itself.
    const triggered = await api.PipelineTriggerTokens.trigger(PATH, 'v1', 'trigger-me', { variables: { SHA: 'a b ü' } });
    expect(await ended(triggered.id)).toMatchObject({ status: 'success', ref: 'v1', source: 'trigger', tag: true, detailed_status: { group: 'success' } });
    expect(await api.Pipelines.allVariables(PATH, triggered.id)).toMatchObject([{ key: 'SHA', value: 'a b ü' }]);
  });

  it('goes through all pipelines, page by page', async () => {
    const ids: number[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(await create(n === 2 ? 'v1' : 'main'));
    await Promise.all(ids.map(ended));
    expect((await api.Pipelines.all(PATH, { perPage: 2 })).map(({ id }) => id)).toEqual([...ids].reverse());
    expect((await api.Pipelines.all(PATH, { perPage: 1, ref: 'main', maxPages: 3 })).map(({ id }) => id)).toEqual([ids[4], ids[3], ids[1]]);
    const { data, paginationInfo } = await api.Pipelines.all(PATH, { perPage: 2, page: 2, maxPages: 1, showExpanded: true });
    expect(data.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(paginationInfo).toMatchObject({ total: 5, totalPages: 3, current: 2, next: 3, previous: 1, perPage: 2 });
    expect((await api.Pipelines.all(PATH, { scope: 'tags' })).map(({ id }) => id)).toEqual([ids[2]]);
  });

  it('cancels and retries, and is not told by the answer whether it took', async () => {
    gitlab.outcomes.next(PATH, ['never', 'success']);
    const id = await create();
    await api.Pipelines.cancel(PATH, id);
    expect(await ended(id)).toMatchObject({ status: 'canceled' });
    expect(await api.Pipelines.cancel(PATH, id)).toMatchObject({ id });
    expect(await api.Pipelines.retry(PATH, id)).toMatchObject({ id });
    await until('the retry to end', async () => (await api.Pipelines.show(PATH, id)).status === 'success');
  });

  it('sets commit statuses and reads them', async () => {
    const sha = 'd'.repeat(40);
    const set = (state: string, context = 'stellwerk/release') =>
      api.Commits.editStatus(PATH, sha, state as 'running', { context, description: 'x', targetUrl: 'http://127.0.0.1:8081/runs/1' });
    expect(await set('pending')).toMatchObject({ status: 'pending', name: 'stellwerk/release', target_url: 'http://127.0.0.1:8081/runs/1', sha });
    await set('running');
    expect(await refusal(set('running'))).toContain('Cannot transition status via :run from :running');
    await set('success');
    await set('failed', 'stellwerk/other');
    const statuses = await api.Commits.allStatuses(PATH, sha);
    expect(statuses.map(({ name, status }) => [name, status]).sort()).toEqual([['stellwerk/other', 'failed'], ['stellwerk/release', 'success']]);
  });

  it('cancels what was told about a pipeline with the pipeline', async () => {
    const { id, sha } = await api.Pipelines.create(PATH, 'main');
    await api.Commits.editStatus(PATH, sha, 'pending', { context: 'stellwerk/release', pipelineId: id });
    await api.Pipelines.cancel(PATH, id);
    await until('its end', async () => (await api.Pipelines.show(PATH, id)).status === 'canceled');
    const statuses = await api.Commits.allStatuses(PATH, sha);
    expect(statuses.map(({ status }) => status)).toEqual(['canceled']);
  });

  it('is refused in the words it expects', async () => {
    expect(await refusal(api.Pipelines.create(PATH, 'gone'))).toContain('Reference not found');
    expect(await refusal(api.Pipelines.create('acme/strict', 'main', { variables: [{ key: 'A', value: '1' }] as never }))).toContain('Insufficient permissions to set pipeline variables');
    expect(await refusal(api.Pipelines.show(PATH, 1))).toBe('404 Not Found');
    expect(await refusal(api.Pipelines.all('acme/none'))).toBe('404 Project Not Found');
    expect(await refusal(new Gitlab({ host: gitlab.url, token: 'bad' }).Pipelines.all(PATH))).toBe('401 Unauthorized');
    expect(await refusal(api.PipelineTriggerTokens.trigger(PATH, 'main', 'wrong'))).toBe('404 Not Found');
  });

  it('reads its rate limit, and is refused when it is used up', async () => {
    await gitlab.close();
    await start({ rateLimit: 3 });
    const first = await api.Users.showCurrentUser({ showExpanded: true });
    expect(first.headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-observed': '1', 'ratelimit-remaining': '2' });
    // python-gitlab compares it as a whole.
    expect(first.headers['content-type']).toBe('application/json');
    const reset = Number(first.headers['ratelimit-reset']);
    expect(reset - Date.now() / 1_000).toBeLessThanOrEqual(60);
    expect(Date.parse(first.headers['ratelimit-resettime']!)).toBe(reset * 1_000);
    for (let n = 0; n < 2; n += 1) await api.Users.showCurrentUser();
    expect(await refusal(api.Users.showCurrentUser())).toContain('last status code: 429. Check the applicable rate limits');
    const refused = (await gitlab.journal()).at(-1)!.answer!;
    expect([refused.status, refused.headers!['ratelimit-remaining']]).toEqual([429, '0']);
    expect(Number(refused.headers!['retry-after'])).toBeGreaterThan(0);
  });
});
