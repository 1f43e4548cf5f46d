import { createHmac } from 'node:crypto';
import { Octokit } from '@octokit/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningSimulator } from '../kit/types.js';
import { expectValid } from '../spec/github-schema.js';
import { freshJournal, receiveHooks, until } from '../spec/hook-receiver.js';
import { type GithubSimulatorOptions, startGithubSimulator } from './github.simulator.js';

const SECRET = "It's a Secret to Everybody";
const WORKFLOWS = {
  'ci.yml': { name: 'CI' },
  'deploy.yml': {
    name: 'Deploy',
    inputs: ['version', 'STELLWERK_ID'],
    required: ['version'],
    runName: 'Deploy ${{ inputs.version }} [${{ inputs.STELLWERK_ID }}]',
  },
};
const repo = { owner: 'acme', repo: 'shop' };
const DISPATCH = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches';

describe('the GitHub simulator', () => {
  let github: RunningSimulator;
  let receiver: Awaited<ReturnType<typeof receiveHooks>>;
  let octokit: Octokit;
  let journalFile: string;

  const start = async (options: Partial<GithubSimulatorOptions> = {}): Promise<void> => {
    github = await startGithubSimulator({
      journalFile,
      hookUrl: receiver.url,
      hookSecret: SECRET,
      token: 'good',
      runMilliseconds: 60,
      repositories: { 'acme/shop': { workflows: WORKFLOWS } },
      ...options,
    });
    octokit = new Octokit({ baseUrl: github.url, auth: 'good', request: { retries: 0 } });
  };
  const dispatch = (order: Record<string, unknown>): Promise<{ status: number; data: unknown }> =>
    octokit.request(DISPATCH, { ...repo, workflow_id: 'deploy.yml', ref: 'main', ...order }) as never;
  const runOf = async (id: number): Promise<Record<string, unknown>> =>
    (await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', { ...repo, run_id: id })).data as never;
  const ended = (id: number): Promise<Record<string, unknown>> =>
    until('the run to end', async () => {
      const run = await runOf(id);
      return run['status'] === 'completed' && run;
    });
  const begin = async (order: Record<string, unknown> = {}): Promise<number> => {
    const { data } = await dispatch({ inputs: { version: '1' }, return_run_details: true, ...order });
    return (data as { workflow_run_id: number }).workflow_run_id;
  };

  beforeEach(async () => {
    journalFile = freshJournal();
    receiver = await receiveHooks();
    await start();
  });
  afterEach(async () => {
    await github.close();
    await receiver.close();
  });

  it('gives the run when its details are asked for, and 204 when not', async () => {
    const details = await dispatch({ inputs: { version: '1', STELLWERK_ID: 'run:deploy:run:1' }, return_run_details: true });
    expect(details.status).toBe(200);
    expectValid('workflow-dispatch-response', details.data);
    const run = await ended((details.data as { workflow_run_id: number }).workflow_run_id);
    expectValid('workflow-run', run);
    expect(run).toMatchObject({ conclusion: 'success', event: 'workflow_dispatch', display_title: 'Deploy 1 [run:deploy:run:1]', run_attempt: 1 });
    expect((await dispatch({ inputs: { version: '2' } })).status).toBe(204);
  });

  it('refuses as GitHub does: undeclared input, missing input, unknown ref, no trigger, unknown workflow, wrong token', async () => {
    const refusal = (order: Record<string, unknown>): Promise<unknown> =>
      dispatch({ inputs: { version: '1' }, ...order }).then(
        () => 'taken',
        (error: { status: number; message: string }) => [error.status, error.message],
      );
    expect(await refusal({ inputs: { version: '1', nope: 'x' } })).toMatchObject([
      422,
      expect.stringContaining('Unexpected inputs provided: ["nope"]'),
    ]);
    expect(await refusal({ inputs: {} })).toMatchObject([422, expect.stringContaining("Required input 'version' not provided")]);
    expect(await refusal({ ref: 'gone' })).toMatchObject([422, expect.stringContaining('No ref found for: gone')]);
    expect(await refusal({ workflow_id: 'ci.yml' })).toMatchObject([422, expect.stringContaining('workflow_dispatch')]);
    expect(await refusal({ workflow_id: 'gone.yml' })).toMatchObject([404, expect.any(String)]);
    expect(await refusal({ inputs: Object.fromEntries(Array.from({ length: 26 }, (_none, index) => [`i${index}`, 'x'])) })).toMatchObject([
      422,
      expect.any(String),
    ]);
    await expect(new Octokit({ baseUrl: github.url, auth: 'bad' }).request('GET /user')).rejects.toMatchObject({ status: 401 });
    expect(receiver.hooks).toEqual([]);
  });

  it('lists runs by event, branch, time and status, page by page', async () => {
    const before = new Date(Date.now() - 1000).toISOString();
    const first = await begin();
    await ended(first);
    const list = async (filter: Record<string, unknown>): Promise<{ total_count: number; workflow_runs: { id: number }[] }> =>
      (await octokit.request('GET /repos/{owner}/{repo}/actions/runs', { ...repo, ...filter })).data as never;
    expectValid('workflow-run', (await list({})).workflow_runs[0]);
    const found = await list({ event: 'workflow_dispatch', branch: 'main', created: `>=${before}`, status: 'success', actor: 'stellwerk-bot', per_page: 1 });
    expect(found.workflow_runs.map((run) => run.id)).toEqual([first]);
    expect((await list({ created: '<2020-01-01T00:00:00Z' })).total_count).toBe(0);
    expect((await list({ created: `${before}..${new Date().toISOString()}` })).total_count).toBe(1);
    expect((await list({ created: `2020-01-01T00:00:00Z..${new Date(Date.parse(before) - 1000).toISOString()}` })).total_count).toBe(0);
    expect((await list({ event: 'push', branch: 'main', created: `>=${before}` })).total_count).toBe(0);
  });

  it('can be an older server: no run details, and lists that lag', async () => {
    await github.close();
    await start({ runDetails: false, listLagMilliseconds: 1_000 });
    expect((await dispatch({ inputs: { version: '1' }, return_run_details: true })).status).toBe(204);
    const count = async (): Promise<number> => (await octokit.request('GET /repos/{owner}/{repo}/actions/runs', repo)).data.total_count;
    expect(github.runs()).toHaveLength(1);
    expect(await count()).toBe(0);
    await until('the run to show up', async () => (await count()) === 1);
  });

  it('cancels a run that goes on, and says 409 about one that has ended', async () => {
    github.outcomes.next('acme/shop/deploy.yml', ['never']);
    const id = await begin();
    const cancel = (): Promise<{ status: number }> =>
      octokit.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel', { ...repo, run_id: id });
    expect((await cancel()).status).toBe(202);
    expect(await ended(id)).toMatchObject({ conclusion: 'cancelled' });
    await expect(cancel()).rejects.toMatchObject({ status: 409 });
  });

  it('runs a failed run again under the same id as its next attempt', async () => {
    github.outcomes.next('acme/shop/deploy.yml', ['failure', 'success']);
    const id = await begin();
    expect(await ended(id)).toMatchObject({ conclusion: 'failure' });
    expect((await octokit.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun', { ...repo, run_id: id })).status).toBe(201);
    await until('the second attempt to end', async () => (await runOf(id))['conclusion'] === 'success');
    expect(await runOf(id)).toMatchObject({ run_attempt: 2 });
    const first = await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}', {
      ...repo,
      run_id: id,
      attempt_number: 1,
    });
    expect(first.data).toMatchObject({ conclusion: 'failure', run_attempt: 1 });
    const jobs = await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs', { ...repo, run_id: id });
    expectValid('job', (jobs.data as { jobs: unknown[] }).jobs[0]);
  });

  it('signs its webhooks, whose runs are as the API shows them', async () => {
    const pushed = github.push({ branch: 'main', conclusion: 'failure', announce: true }) as { id: number };
    await until('three workflow_run hooks', () => receiver.hooks.filter((hook) => hook.headers['x-github-event'] === 'workflow_run').length === 3);
    for (const hook of receiver.hooks)
      expect(hook.headers['x-hub-signature-256']).toBe(`sha256=${createHmac('sha256', SECRET).update(hook.body).digest('hex')}`);
    const bodies = receiver.hooks.map(
      (hook) => JSON.parse(hook.body) as { action?: string; workflow_run?: Record<string, unknown>; workflow_job?: unknown },
    );
    expect(
      bodies
        .filter((body) => body.workflow_run)
        .map((body) => body.action)
        .sort(),
    ).toEqual(['completed', 'in_progress', 'requested']);
    const end = bodies.find((body) => body.workflow_run && body.action === 'completed')!;
    expectValid('workflow-run', end.workflow_run);
    expect(end.workflow_run).toMatchObject({
      id: pushed.id,
      name: 'CI',
      path: '.github/workflows/ci.yml',
      conclusion: 'failure',
      event: 'push',
      head_branch: 'main',
    });
    for (const body of bodies.filter((one) => one.workflow_job)) expectValid('job', body.workflow_job);
    expect(new Set(receiver.hooks.map((hook) => hook.headers['x-github-delivery'])).size).toBe(receiver.hooks.length);
  });

  it('sends a lost delivery again under the same id when asked', async () => {
    github.hooks.set({ drop: 1, match: 'completed' });
    github.push({});
    const path = { ...repo, hook_id: 4711 };
    const lost = await until('the lost delivery', async () => {
      const { data } = await octokit.request('GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries', { ...path, status: 'failure' } as never);
      return (data as { id: number; guid: string }[])[0];
    });
    expectValid('hook-delivery-item', lost);
    expect(receiver.hooks.some((hook) => hook.headers['x-github-delivery'] === lost.guid)).toBe(false);
    expect(
      (await octokit.request('POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts', { ...path, delivery_id: lost.id }))
        .status,
    ).toBe(202);
    await until('the redelivery', () => receiver.hooks.some((hook) => hook.headers['x-github-delivery'] === lost.guid));
  });

  it('keeps commit statuses', async () => {
    const sha = 'a'.repeat(40);
    const set = await octokit.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
      ...repo,
      sha,
      state: 'pending',
      context: 'stellwerk/release',
      target_url: 'http://127.0.0.1/runs/1',
    });
    expect(set.status).toBe(201);
    expectValid('status', set.data);
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/statuses', { ...repo, ref: sha });
    expect(data).toMatchObject([{ state: 'pending', context: 'stellwerk/release' }]);
    await expect(octokit.request('POST /repos/{owner}/{repo}/statuses/{sha}', { ...repo, sha, state: 'fine' as 'success' })).rejects.toMatchObject({
      status: 422,
    });
  });

  it('has acted although the connection was cut, and says so in the journal only', async () => {
    github.faults.add({ kind: 'reset-after', method: 'POST', path: '*/dispatches' });
    await expect(dispatch({ inputs: { version: 'cut' } })).rejects.toThrow();
    const entry = (await github.journal()).findLast((one) => one.kind === 'request')!;
    expect(entry).toMatchObject({ fault: 'reset-after', acted: true, body: { inputs: { version: 'cut' } } });
    expect(entry.headers['authorization']).toBe('***');
    expect(entry.answer).toBeUndefined();
    expect((github.runs() as { display_title: string }[])[0]!.display_title).toContain('Deploy cut');
  });

  it('goes on after a restart: ids, runs that were on, hooks that had not left', async () => {
    github.outcomes.next('acme/shop/deploy.yml', [{ result: 'failure', milliseconds: 400 }]);
    const id = await begin();
    const { url } = github;
    await github.close();
    await start();
    expect(github.url).toBe(url);
    expect(await ended(id)).toMatchObject({ id, conclusion: 'failure' });
    await until('the hook of its end', () =>
      receiver.hooks.some((hook) => hook.body.includes(`"id":${id},`) && hook.body.includes('"action":"completed"')),
    );
    expect(await begin()).toBeGreaterThan(id);
  });
});
