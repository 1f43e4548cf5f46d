import { Gitlab } from '@gitbeaker/rest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningSimulator } from '../kit/types.js';
import { freshJournal, receiveHooks, until } from '../spec/hook-receiver.js';
import { startGitlabSimulator, type GitlabSimulatorOptions } from './gitlab.simulator.js';

const PATH = 'acme/shop';
const STATUS = 'stellwerk/release';

interface Shown {
  id: number;
  status: string;
  sha: string;
  source: string;
  finished_at: string | null;
}

describe('what can be done on the GitLab simulator beside starting pipelines', () => {
  let gitlab: RunningSimulator;
  let options: GitlabSimulatorOptions;
  let api: InstanceType<typeof Gitlab>;
  let receiver: Awaited<ReturnType<typeof receiveHooks>>;

  beforeEach(async () => {
    receiver = await receiveHooks();
    options = {
      journalFile: freshJournal(), hookUrl: receiver.url, token: 'good', runMilliseconds: 60,
      projects: [{ id: 42, path: PATH, manualJobs: ['deploy'], mergeRequests: [7], issues: [8] }],
    };
    gitlab = await startGitlabSimulator(options);
    api = new Gitlab({ host: gitlab.url, token: 'good' });
  });
  afterEach(async () => {
    await gitlab.close();
    await receiver.close();
  });

  const show = async (id: number): Promise<Shown> => (await api.Pipelines.show(PATH, id)) as unknown as Shown;
  const reaches = (id: number, ...states: string[]): Promise<Shown> =>
    until(`pipeline ${id} to be ${states.join(' or ')}`, async () => {
      const pipeline = await show(id);
      return states.includes(pipeline.status) && pipeline;
    });
  const pushed = async (order: Record<string, unknown> = {}): Promise<Shown> => reaches((gitlab.push({ project: PATH, ...order }) as Shown).id, 'success', 'failed');
  const set = (sha: string, state: string, more: Record<string, unknown> = {}): Promise<Record<string, unknown>> =>
    api.Commits.editStatus(PATH, sha, state as never, { name: STATUS, ...more } as never) as never;
  const pipelineHooks = () =>
    receiver.hooks.filter(({ headers }) => headers['x-gitlab-event'] === 'Pipeline Hook')
      .map(({ body }) => JSON.parse(body) as { object_attributes: Shown; builds: { name: string; status: string; finished_at: string }[] });

  it('makes a status a job of the pipeline of its commit, which runs again and ends anew, while its own jobs stay as they are', async () => {
    const first = await pushed();
    expect(await set(first.sha, 'pending', { pipelineId: first.id })).toMatchObject({ status: 'pending', pipeline_id: first.id });
    expect((await show(first.id)).status).toBe('running');
    await set(first.sha, 'failed', { pipelineId: first.id });
    const second = await reaches(first.id, 'failed');
    expect(Date.parse(second.finished_at!)).toBeGreaterThan(Date.parse(first.finished_at!));
    await until('the hooks', () => pipelineHooks().some(({ object_attributes: { status } }) => status === 'failed'));
    const told = pipelineHooks().filter(({ object_attributes: { finished_at: end } }) => end !== null);
    expect(told.map(({ object_attributes: { status } }) => status)).toEqual(['success', 'running', 'failed']);
    expect(new Set(told.map(({ builds }) => JSON.stringify(builds.filter(({ name }) => name === 'scan')))).size).toBe(1);
  });

  it('makes a pipeline of source `external` for a commit that has none, and refuses one that does not fit', async () => {
    const sha = 'c'.repeat(40);
    expect(await set(sha, 'running', { ref: 'main' })).toMatchObject({ ref: 'main' });
    const external = (gitlab.runs() as Shown[]).find((run) => run.sha === sha)!;
    expect(external).toMatchObject({ source: 'external', status: 'running' });
    await set(sha, 'success', { ref: 'main' });
    expect((await show(external.id)).status).toBe('success');
    await expect(set(sha, 'success', { pipelineId: 1 })).rejects.toThrow(/Pipeline for pipeline_id, sha and ref/);
    await expect(set('main', 'success')).rejects.toThrow(/Commit Not Found/);
  });

  it('plays a manual job once; one that has ended again, as another job', async () => {
    const { id } = await pushed();
    const manual = async () => ((await api.Jobs.all(PATH, { pipelineId: id, includeRetried: true })) as { id: number; name: string; status: string }[]).filter(({ name }) => name === 'deploy');
    const [deploy] = await manual();
    expect(deploy!.status).toBe('manual');
    // At once: the job has soon ended, and then can be played again.
    const [first, second] = await Promise.allSettled([api.Jobs.play(PATH, deploy!.id), api.Jobs.play(PATH, deploy!.id)]);
    const taken = [first, second].find((one) => one.status === 'fulfilled');
    const refused = [first, second].find((one) => one.status === 'rejected');
    expect(taken!.value).toMatchObject({ id: deploy!.id, status: 'pending' });
    expect(String(refused!.reason)).toMatch(/Unplayable Job/);
    await until('the end of the job', async () => (await manual())[0]!.status === 'success');
    await api.Jobs.play(PATH, deploy!.id);
    expect(await manual()).toHaveLength(2);
    const [scan] = (await api.Jobs.all(PATH, { pipelineId: id })).filter(({ name }) => name === 'scan');
    await expect(api.Jobs.play(PATH, scan!.id)).rejects.toThrow(/Unplayable Job/);
  });

  it('goes on with a manual job after it was killed', async () => {
    const { id } = await pushed();
    const deploy = (await api.Jobs.all(PATH, { pipelineId: id })).find(({ name }) => name === 'deploy')!;
    await api.Jobs.play(PATH, deploy.id);
    await gitlab.close();
    gitlab = await startGitlabSimulator(options);
    await reaches(id, 'success');
    expect(await api.Jobs.show(PATH, deploy.id)).toMatchObject({ status: 'success' });
  });

  it('keeps the jobs that a retry took the place of', async () => {
    gitlab.outcomes.next(PATH, ['failed', 'success']);
    const { id } = await pushed();
    await api.Pipelines.retry(PATH, id);
    const scans = async (includeRetried: boolean) => ((await api.Jobs.all(PATH, { pipelineId: id, includeRetried })) as { name: string }[]).filter(({ name }) => name === 'scan').length;
    expect([await scans(false), await scans(true)]).toEqual([1, 2]);
  });

  it('takes comments, and orders where a line of one begins with a slash', async () => {
    await api.MergeRequestNotes.create(PATH, 7, 'one\n<!-- mark -->');
    await api.MergeRequestNotes.create(PATH, 7, 'two\n/close');
    expect((await api.MergeRequestNotes.all(PATH, 7)).map(({ body }) => body)).toEqual(['two', 'one\n<!-- mark -->']);
    expect((await api.IssueNotes.create(PATH, 8, 'hello')).body).toBe('hello');
    const sha = 'd'.repeat(40);
    await api.Commits.createComment(PATH, sha, 'fine');
    expect((await api.Commits.allComments(PATH, sha)).map(({ note }) => note)).toEqual(['fine']);
    await expect(api.MergeRequestNotes.create(PATH, 9, 'nowhere')).rejects.toThrow(/404/);
    await expect(api.MergeRequestNotes.create(PATH, 7, '')).rejects.toThrow(/body is missing/);
  });
});
