import { Octokit } from 'octokit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectValid } from '../spec/github-schema.js';
import type { RunningSimulator } from '../kit/types.js';
import { freshJournal, until } from '../spec/hook-receiver.js';
import { type GithubSimulatorOptions, startGithubSimulator } from './github.simulator.js';

const repo = { owner: 'acme', repo: 'shop' };

describe('a user of octokit 5 who looks for runs of a time finds in the GitHub simulator', () => {
  let github: RunningSimulator;
  let octokit: Octokit;

  const start = async (options: Partial<GithubSimulatorOptions> = {}): Promise<void> => {
    github = await startGithubSimulator({
      journalFile: freshJournal(), hookSecret: 'secret', token: 'good', runMilliseconds: 20, rateLimit: 0, repositories: { 'acme/shop': { workflows: { 'ci.yml': { name: 'CI' } } } }, ...options,
    });
    octokit = new Octokit({ baseUrl: github.url, auth: 'good', throttle: { enabled: false } });
  };
  const push = (count: number, order: object = {}): number[] => Array.from({ length: count }, () => (github.push(order) as { id: number }).id);
  const list = async (query: object = {}) => (await octokit.rest.actions.listWorkflowRunsForRepo({ ...repo, ...query })).data;
  const ended = (id: number) => until('the run to end', async () => (await octokit.rest.actions.getWorkflowRun({ ...repo, run_id: id })).data.status === 'completed');
  const jobsOf = async (run_id: number, attempt_number = 1) => (await octokit.rest.actions.listJobsForWorkflowRunAttempt({ ...repo, run_id, attempt_number })).data.jobs;

  beforeEach(() => start());
  afterEach(() => github.close());

  it('a thousand at most, ten pages of a hundred, the newest first; without a filter all', async () => {
    const ids = push(1_005, { milliseconds: 1 });
    const created = '2020-01-01T00:00:00Z..2099-01-01T00:00:00Z';
    const found = await octokit.paginate(octokit.rest.actions.listWorkflowRunsForRepo, { ...repo, created, per_page: 100 });
    expect(found.map(({ id }) => id)).toEqual(ids.slice(-1_000).reverse());
    expect((await list({ created, per_page: 100, page: 11 })).workflow_runs).toEqual([]);
    expect((await list({ per_page: 1_000 })).workflow_runs).toHaveLength(100);
    expect((await list()).total_count).toBe(1_005);
  });

  it('those that were created within two seconds, both of them included', async () => {
    const [id] = push(1) as [number];
    await ended(id);
    const [{ created_at: at } = { created_at: '' }] = (await list()).workflow_runs;
    const second = (by: number): string => new Date(Date.parse(at) + by * 1_000).toISOString().replace('.000Z', 'Z');
    const counts = [[at, at], [second(-5), at], [at, second(5)], [second(1), second(5)], [second(-5), second(-1)]].map(async ([from, to]) => (await list({ created: `${from}..${to}` })).total_count);
    expect(await Promise.all(counts)).toEqual([1, 1, 1, 0, 0]);
    expectValid('workflow-run', (await list({ created: `${at}..${at}` })).workflow_runs[0]);
  });

  it('no run any more that was deleted, so that later pages move up', async () => {
    const ids = push(4);
    for (const id of ids) await ended(id);
    const pageOf = async (page: number) => (await list({ per_page: 2, page })).workflow_runs.map(({ id }) => id);
    expect(await pageOf(1)).toEqual([ids[3], ids[2]]);
    expect((await octokit.rest.actions.deleteWorkflowRun({ ...repo, run_id: ids[3]! })).status).toBe(204);
    expect([await pageOf(2), (await list()).total_count]).toEqual([[ids[0]], 3]);
    const [busy] = push(1, { conclusion: 'never' }) as [number];
    await expect(octokit.rest.actions.deleteWorkflowRun({ ...repo, run_id: busy })).rejects.toMatchObject({ status: 403 });
  });

  it('by the jobs whether a run that was cancelled had begun', async () => {
    const [early, late] = push(2, { milliseconds: 60_000 }) as [number, number];
    await octokit.rest.actions.cancelWorkflowRun({ ...repo, run_id: early });
    await ended(early);
    expect(await jobsOf(early)).toMatchObject([{ conclusion: 'cancelled', runner_id: null }]);
    await octokit.rest.actions.cancelWorkflowRun({ ...repo, run_id: late });
    const [begun] = push(1, { conclusion: 'never', milliseconds: 50 }) as [number];
    await until('a runner', async () => (await jobsOf(begun))[0]!.runner_id !== null);
    await octokit.rest.actions.cancelWorkflowRun({ ...repo, run_id: begun });
    await ended(begun);
    expect(await jobsOf(begun)).toMatchObject([{ conclusion: 'cancelled', runner_id: 1 }]);
  });

  it('the points of a minute to be those of all runs of a repository together', async () => {
    await github.close();
    await start({ pointsPerMinute: 3 });
    const ids = push(4);
    const read = (run_id: number) => octokit.rest.actions.getWorkflowRunAttempt({ ...repo, run_id, attempt_number: 1 });
    for (const id of ids.slice(0, 3)) expect((await read(id)).status).toBe(200);
    await expect(read(ids[3]!)).rejects.toMatchObject({ status: 403, response: { headers: { 'retry-after': expect.stringMatching(/^(5\d|60)$/) } } });
    expect((await list()).total_count).toBe(4);
  });
});
