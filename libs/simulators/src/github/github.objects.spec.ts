import { generateKeyPairSync, sign } from 'node:crypto';
import { Octokit } from '@octokit/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningSimulator } from '../kit/types.js';
import { expectValid } from '../spec/github-schema.js';
import { freshJournal, receiveHooks, until } from '../spec/hook-receiver.js';
import type { GithubAppOptions } from './app.js';
import { startGithubSimulator } from './github.simulator.js';

const repo = { owner: 'acme', repo: 'shop' };
const sha = 'a'.repeat(40);
const keys = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
const APP = { id: '123', installation: '456', publicKey: keys.publicKey };

const jwt = (claims: { iss?: string; iat?: number; exp?: number } = {}): string => {
  const now = Math.floor(Date.now() / 1000);
  const unsigned = [{ alg: 'RS256', typ: 'JWT' }, { iss: '123', iat: now - 60, exp: now + 540, ...claims }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${unsigned}.${sign('RSA-SHA256', Buffer.from(unsigned), keys.privateKey).toString('base64url')}`;
};

describe('the GitHub simulator, beyond runs', () => {
  let github: RunningSimulator;
  let receiver: Awaited<ReturnType<typeof receiveHooks>>;
  let octokit: Octokit;
  let journalFile: string;

  const client = (auth: string): Octokit => new Octokit({ baseUrl: github.url, auth, request: { retries: 0 } });
  const start = async (app: Partial<GithubAppOptions> = {}): Promise<void> => {
    github = await startGithubSimulator({
      journalFile, hookUrl: receiver.url, hookSecret: 's', token: 'good', runMilliseconds: 60, app: { ...APP, ...app },
      repositories: { 'acme/shop': {
        behind: ['topic'], conflicting: ['old'],
        workflows: { 'told.yml': { name: 'Told', repositoryDispatch: ['deploy'], runName: 'Told [${{ github.event.client_payload.STELLWERK_ID }}]' }, 'any.yml': { name: 'Any', repositoryDispatch: true } },
      } },
    });
    octokit = client('good');
  };
  const restart = async (): Promise<void> => {
    await github.close();
    await start();
    await until('a connection to the new one', () => octokit.request('GET /rate_limit'));
  };
  const refusal = (asked: Promise<unknown>): Promise<unknown> => asked.then(() => 'taken', (error: { status: number; message: string }) => `${error.status} ${error.message}`);
  const installationToken = async (auth = jwt()): Promise<{ token: string; expires_at: string }> =>
    (await client(auth).request('POST /app/installations/{installation_id}/access_tokens', { installation_id: 456 })).data;

  beforeEach(async () => {
    journalFile = freshJournal();
    receiver = await receiveHooks();
    await start();
  });
  afterEach(async () => {
    await github.close();
    await receiver.close();
  });

  it('starts what listens to a repository dispatch, and says 204', async () => {
    const dispatch = (event_type: string, client_payload: Record<string, unknown> = {}) => octokit.request('POST /repos/{owner}/{repo}/dispatches', { ...repo, event_type, client_payload } as never);
    expect((await dispatch('deploy', { STELLWERK_ID: 'r:s:run:1' })).status).toBe(204);
    await dispatch('other');
    const { workflow_runs: runs } = (await octokit.request('GET /repos/{owner}/{repo}/actions/runs', { ...repo, event: 'repository_dispatch' })).data;
    expect(runs.map(({ display_title, path }) => [display_title, path])).toEqual([
      ['other', '.github/workflows/any.yml'], ['deploy', '.github/workflows/any.yml'], ['Told [r:s:run:1]', '.github/workflows/told.yml'],
    ]);
    expect(await refusal(dispatch('x'.repeat(101)))).toContain('422');
    expect(await refusal(dispatch('deploy', Object.fromEntries(Array.from({ length: 11 }, (_none, index) => [`k${index}`, 1]))))).toMatch(/422.*No more than 10 properties/s);
    expect(await refusal(dispatch('deploy', { large: 'x'.repeat(66_000) }))).toContain('422');
  });

  it('makes deployments: merges first where it may, refuses conflicts and red checks, keeps their statuses', async () => {
    const create = (order: Record<string, unknown>) => octokit.request('POST /repos/{owner}/{repo}/deployments', { ...repo, ...order } as never) as unknown as Promise<{ status: number; data: { id: number } }>;
    expect((await create({ ref: 'topic' })).status).toBe(202);
    await restart();
    const made = await create({ ref: 'topic', environment: 'review', payload: { STELLWERK_ID: 'x' } });
    expect(made.status).toBe(201);
    expectValid('deployment', made.data);
    expect((await create({ ref: 'main', auto_merge: false })).status).toBe(201);
    expect(await refusal(create({ ref: 'old' }))).toMatch(/409 .*Conflict merging main into old/);
    expect(await refusal(create({ ref: 'main', required_contexts: ['ci'] }))).toMatch(/409 .*Commit status checks failed for main/);
    expect(await refusal(create({ ref: 'gone' }))).toMatch(/422 .*No ref found/);
    const listed = await octokit.request('GET /repos/{owner}/{repo}/deployments', { ...repo, environment: 'review' });
    expect(listed.data).toMatchObject([{ id: made.data.id, payload: { STELLWERK_ID: 'x' } }]);
    const status = await octokit.request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', { ...repo, deployment_id: made.data.id, state: 'success', log_url: 'https://x/log', environment_url: 'https://x' });
    expectValid('deployment-status', status.data);
    expect(status.data).toMatchObject({ state: 'success', target_url: 'https://x/log', environment: 'review' });
    await until('the hook of the status', () => receiver.hooks.some((hook) => hook.headers['x-github-event'] === 'deployment_status'));
  });

  it('keeps every context of a commit green before it deploys it, unless told which', async () => {
    const commit = { ...repo, ref: sha };
    await octokit.request('POST /repos/{owner}/{repo}/statuses/{sha}', { ...repo, sha, state: 'pending', context: 'stellwerk/f' });
    const create = (more = {}) => octokit.request('POST /repos/{owner}/{repo}/deployments', { ...commit, ...more });
    expect(await refusal(create())).toMatch(/409/);
    expect((await create({ required_contexts: [] })).status).toBe(201);
    await octokit.request('POST /repos/{owner}/{repo}/statuses/{sha}', { ...repo, sha, state: 'success', context: 'stellwerk/f' });
    expect((await create()).status).toBe(201);
  });

  it('keeps comments, oldest first, and shows those since a time', async () => {
    const issue = { ...repo, issue_number: 7 };
    const comment = await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...issue, body: 'one' });
    expectValid('issue-comment', comment.data);
    await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...issue, body: 'two' });
    await restart();
    const bodies = async (more = {}) => (await octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...issue, ...more })).data.map(({ body }) => body);
    expect(await bodies()).toEqual(['one', 'two']);
    expect(await bodies({ since: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
    expect(await refusal(octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...repo, issue_number: 5000, body: 'x' }))).toContain('404');
  });

  it('hands out tokens to who signs as the App, and to nobody else', async () => {
    const now = Math.floor(Date.now() / 1000);
    const made = await installationToken();
    expectValid('installation-token', made);
    expect(made.token).toMatch(/^ghs_.{36}$/);
    for (const bad of [jwt({ exp: now + 900 }), jwt({ iat: now + 60 }), jwt({ exp: now - 1 }), jwt({ iss: '9' }), `${jwt()}x`, 'good']) expect(await refusal(installationToken(bad))).toContain('401');
    expect(await refusal(client(jwt()).request('POST /app/installations/{installation_id}/access_tokens', { installation_id: 9 }))).toContain('404');
    await restart();
    expect((await client(made.token).request('GET /rate_limit')).status).toBe(200);
    expect(await refusal(client(made.token).request('GET /user'))).toContain('403');
    await github.close();
    await start({ tokenForm: 'new', tokenSeconds: 2, tokenLagMilliseconds: 500 });
    const { token } = await until('a token of the new one', () => installationToken());
    expect(token).toMatch(/^ghs_123_.+\..+\./);
    expect(await refusal(client(token).request('GET /rate_limit'))).toContain('401');
    await until('a token that is known', async () => (await client(token).request('GET /rate_limit')).status === 200);
    await until('a token that has ended', async () => (await refusal(client(token).request('GET /rate_limit'))) !== 'taken');
  });

  it('keeps check runs, which only an App writes', async () => {
    const order = { ...repo, name: 'stellwerk/f', head_sha: sha, status: 'in_progress' as const, external_id: 'r:report:report:1' };
    expect(await refusal(octokit.request('POST /repos/{owner}/{repo}/check-runs', order))).toMatch(/403 .*GitHub App/);
    const app = client((await installationToken()).token);
    const made = await app.request('POST /repos/{owner}/{repo}/check-runs', order);
    expectValid('check-run', made.data);
    const done = await app.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', { ...repo, check_run_id: made.data.id, status: 'completed', conclusion: 'success', output: { title: 't', summary: 's' } });
    expectValid('check-run', done.data);
    const listed = await app.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', { ...repo, ref: sha, check_name: 'stellwerk/f' });
    expect(listed.data).toMatchObject({ total_count: 1, check_runs: [{ conclusion: 'success', external_id: 'r:report:report:1' }] });
    expect(await refusal(app.request('POST /repos/{owner}/{repo}/check-runs', { ...order, status: 'completed' } as never))).toContain('422');
  });
});
