import { Octokit } from 'octokit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningSimulator } from '../kit/types.js';
import { freshJournal, receiveHooks, until } from '../spec/hook-receiver.js';
import { type GithubSimulatorOptions, startGithubSimulator } from './github.simulator.js';

const repo = { owner: 'acme', repo: 'shop' };
const deploy = { ...repo, workflow_id: 'deploy.yml' };

/** Why the octokit of that spec's limits gave up or waited. */
interface Waits {
  primary: number[];
  secondary: number[];
}

describe('a user of octokit 5 finds in the GitHub simulator what GitHub shows', () => {
  let github: RunningSimulator;
  let receiver: Awaited<ReturnType<typeof receiveHooks>>;
  let octokit: Octokit;
  let waits: Waits;

  const start = async (options: Partial<GithubSimulatorOptions> = {}): Promise<void> => {
    github = await startGithubSimulator({
      journalFile: freshJournal(), hookUrl: receiver.url, hookSecret: 'secret', token: 'good', runMilliseconds: 40,
      repositories: {
        'acme/shop': { workflows: { 'ci.yml': { name: 'CI' }, 'deploy.yml': { name: 'Deploy', inputs: ['version'], runName: 'Deploy ${{ inputs.version }}' } } },
      },
      ...options,
    });
    octokit = octokitOf({ throttle: { enabled: false } });
  };
  const octokitOf = (options: Record<string, unknown>): Octokit => new Octokit({ baseUrl: github.url, auth: 'good', ...options });
  /** As octokit does by itself, but told instead of waited out. */
  const throttled = (): Octokit =>
    octokitOf({
      throttle: {
        id: crypto.randomUUID(),
        onRateLimit: (seconds: number) => void waits.primary.push(seconds),
        onSecondaryRateLimit: (seconds: number) => void waits.secondary.push(seconds),
      },
    });
  const begin = async (version: string): Promise<number> => {
    const order = { ...deploy, ref: 'main', inputs: { version }, return_run_details: true };
    const { data } = await octokit.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', order);
    return (data as unknown as { workflow_run_id: number }).workflow_run_id;
  };
  const ended = (id: number) =>
    until('the run to end', async () => {
      const { data } = await octokit.rest.actions.getWorkflowRun({ ...repo, run_id: id });
      return data.status === 'completed' && data;
    });

  beforeEach(async () => {
    waits = { primary: [], secondary: [] };
    receiver = await receiveHooks();
    await start();
  });
  afterEach(async () => {
    await github.close();
    await receiver.close();
  });

  it('dispatches, follows and cancels a run', async () => {
    expect((await octokit.rest.actions.createWorkflowDispatch({ ...deploy, ref: 'main', inputs: { version: '0' } })).status).toBe(204);
    expect(await ended(await begin('1'))).toMatchObject({ conclusion: 'success', display_title: 'Deploy 1', event: 'workflow_dispatch', run_attempt: 1 });
    github.outcomes.next('acme/shop/deploy.yml', ['never']);
    const stuck = await begin('2');
    expect((await octokit.rest.actions.cancelWorkflowRun({ ...repo, run_id: stuck })).status).toBe(202);
    expect(await ended(stuck)).toMatchObject({ conclusion: 'cancelled' });
    const again = octokit.rest.actions.cancelWorkflowRun({ ...repo, run_id: stuck, request: { retries: 0 } });
    await expect(again).rejects.toMatchObject({ status: 409 });
  });

  it('goes through all runs of one workflow, page by page, and meets no other', async () => {
    const ids: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      ids.push(await begin(String(n)));
      github.push({ workflow: 'ci.yml' });
    }
    const runs = await octokit.paginate(octokit.rest.actions.listWorkflowRuns, { ...deploy, per_page: 2 });
    expect(runs.map(({ id }) => id)).toEqual(ids.reverse());
    const pages: number[] = [];
    for await (const { data } of octokit.paginate.iterator(octokit.rest.actions.listWorkflowRunsForRepo, { ...repo, per_page: 4 })) pages.push(data.length);
    expect(pages).toEqual([4, 4, 2]);
    const unknown = octokit.rest.actions.listWorkflowRuns({ ...repo, workflow_id: 'gone.yml' });
    await expect(unknown).rejects.toMatchObject({ status: 404 });
  });

  it('reads each attempt of a run with its own jobs', async () => {
    github.outcomes.next('acme/shop/deploy.yml', ['failure', 'success']);
    const id = await begin('1');
    await ended(id);
    expect((await octokit.rest.actions.reRunWorkflow({ ...repo, run_id: id })).status).toBe(201);
    await until('the second attempt', async () => (await ended(id)).run_attempt === 2);
    const jobsOf = async (attempt_number: number) =>
      (await octokit.paginate(octokit.rest.actions.listJobsForWorkflowRunAttempt, { ...repo, run_id: id, attempt_number })).map(
        ({ run_attempt, conclusion }) => [run_attempt, conclusion],
      );
    expect([await jobsOf(1), await jobsOf(2)]).toEqual([[[1, 'failure']], [[2, 'success']]]);
    expect((await octokit.rest.actions.getWorkflowRunAttempt({ ...repo, run_id: id, attempt_number: 1 })).data).toMatchObject({ conclusion: 'failure' });
  });

  it('sets statuses and reads all of them, the newest first', async () => {
    const sha = 'c'.repeat(40);
    for (const state of ['pending', 'success', 'failure'] as const) {
      const { status } = await octokit.rest.repos.createCommitStatus({ ...repo, sha, state, context: `stellwerk/${state}`, description: 'x' });
      expect(status).toBe(201);
    }
    const statuses = await octokit.paginate(octokit.rest.repos.listCommitStatusesForRef, { ...repo, ref: sha, per_page: 1 });
    expect(statuses.map(({ state }) => state)).toEqual(['failure', 'success', 'pending']);
  });

  it('finds a lost delivery among all of them and has it sent again', async () => {
    github.hooks.set({ drop: 1, match: 'completed' });
    github.push({});
    const hook = { ...repo, hook_id: 4711 };
    const lost = await until('the lost delivery', async () =>
      (await octokit.paginate(octokit.rest.repos.listWebhookDeliveries, { ...hook, per_page: 2 })).find(({ status_code }) => status_code !== 202),
    );
    expect(lost).toMatchObject({ event: expect.stringMatching(/^workflow_/), action: 'completed', redelivery: false });
    const { data } = await octokit.rest.repos.getWebhookDelivery({ ...hook, delivery_id: lost.id });
    expect(data.request.headers).toMatchObject({ 'x-github-delivery': lost.guid });
    expect((await octokit.rest.repos.redeliverWebhookDelivery({ ...hook, delivery_id: lost.id })).status).toBe(202);
    await until('the redelivery', () => receiver.hooks.some(({ headers }) => headers['x-github-delivery'] === lost.guid));
  });

  it('reads its rate limit for nothing, and is told to wait when it is used up', async () => {
    await github.close();
    await start({ rateLimit: 3 });
    const core = async () => (await octokit.rest.rateLimit.get()).data.resources.core;
    expect(await core()).toMatchObject({ limit: 3, used: 0, remaining: 3 });
    const { headers } = await octokit.rest.users.getAuthenticated();
    expect([headers['x-ratelimit-limit'], headers['x-ratelimit-remaining'], headers['x-ratelimit-used']]).toEqual(['3', '2', '1']);
    expect(await core()).toMatchObject({ used: 1, remaining: 2, reset: Number(headers['x-ratelimit-reset']) });
    const impatient = throttled();
    for (let n = 0; n < 2; n += 1) await impatient.rest.users.getAuthenticated();
    await expect(impatient.rest.users.getAuthenticated()).rejects.toMatchObject({ status: 403 });
    expect(waits.primary).toEqual([expect.closeTo(3_600, -1)]);
    expect((await octokit.rest.rateLimit.get()).data.rate).toMatchObject({ remaining: 0 });
  });

  it('is told of a secondary limit by its words and how long to wait', async () => {
    const body = { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' };
    github.faults.add({ kind: 'status', status: 403, retryAfter: 7, method: 'GET', path: '/user', body });
    await expect(throttled().rest.users.getAuthenticated()).rejects.toMatchObject({ status: 403 });
    expect(waits).toEqual({ primary: [], secondary: [7] });
  });

  it('tries again by itself after a server error', async () => {
    github.faults.add({ kind: 'status', status: 502, method: 'GET', path: '/user' });
    expect((await octokit.rest.users.getAuthenticated()).data.login).toBe('stellwerk-bot');
  });
});
