import { generateKeyPairSync } from 'node:crypto';
import { UNGUARDED, type FollowedRun, type StartedRun } from '@stellwerk/connector-kit';
import { actionCall, type CallOptions } from '@stellwerk/connector-kit/conformance';
import { HttpClient } from '@stellwerk/http';
import { Secret } from '@stellwerk/service-kit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDescribedGithub, VERSIONS, type DescribedGithub } from '../spec/described-github.js';
import { AppTokens } from './app-tokens.client.js';
import { GithubAdapter } from './github.adapter.js';

// What the published examples speak of.
const EXAMPLE = { id: '30433642', created: new Date('2020-01-22T19:33:08Z'), workflow: 'build.yml', ref: 'master' };
const repository = 'octocat/Hello-World';
const build = { repository, workflow: EXAMPLE.workflow, ref: EXAMPLE.ref };
const followed = (runId: string): FollowedRun => ({ commandId: 'c', runKey: runId, repository, runId, attempt: 1, createdAt: EXAMPLE.created });
const tenInputs = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`input_${n}`, 'x']));

/** The other actions, each with all that it takes. */
const OTHERS = {
  'dispatch-repository': { type: 'deploy', payload: { version: '1.0' } },
  rerun: { run: EXAMPLE.id, 'failed-only': true },
  cancel: { run: EXAMPLE.id },
  'create-deployment': { ref: 'main', environment: 'production', task: 'deploy', description: 'x', payload: { a: 1 }, auto_merge: false, required_contexts: [], production_environment: true, transient_environment: false },
  'set-deployment-status': { deployment_id: '1', state: 'success', log_url: 'https://ci.example.com/1', environment_url: 'https://shop.example.com', description: 'x', auto_inactive: true },
  comment: { issue_number: 1347, body: 'Deployed.' },
};

/** What the published example answers give. */
const GIVEN: Readonly<Record<string, object>> = {
  'create-deployment': { deployment: 1 }, 'set-deployment-status': { id: 1 },
  comment: { comment: 1, url: 'https://github.com/octocat/Hello-World/issues/1347#issuecomment-1' },
};

/** What they set going again, as it was read right before. */
const REPEATED: Readonly<Record<string, object>> = { rerun: { id: EXAMPLE.id, attempt: 2 } };

describe.each(VERSIONS)('what the connector asks of %s, by its published description', (version) => {
  let github: DescribedGithub;
  const adapter = new GithubAdapter(new AppTokens(new HttpClient()));
  const actionNamed = (name: string) => adapter.actions.find((action) => action.name === name)!;
  const [dispatch, setStatus] = [actionNamed('dispatch-workflow'), actionNamed('set-status')];
  const hasDetails = version === 'api.github.com';
  const call = (options: Partial<CallOptions> = {}) => actionCall(adapter, { url: github.url, action: 'dispatch-workflow', token: 'pat', with: build, ...options });
  const sent = (method: string) => github.seen.filter((one) => one.method === method);

  beforeAll(async () => {
    github = await startDescribedGithub(version);
    // The first answer compiles schemas, for longer on a busy machine than a call may take.
    await fetch(`${github.url}/repos/${repository}/actions/workflows/build.yml/dispatches`, { method: 'POST', body: '{"ref":"main"}', headers: { accept: 'application/json', 'content-type': 'application/json' } });
    github.seen.length = 0;
  }, 120_000);
  afterAll(async () => github?.close());
  afterEach(() => {
    github.prefer();
    github.unknownFields('refused');
    github.seen.length = 0;
  });
  /** Everything came to a described path, with described fields of described types, and with credentials. */
  const expectAllValid = (): void => {
    expect(github.seen.length).toBeGreaterThan(0);
    for (const one of github.seen) expect({ ...one, faults: one.faults, ok: one.status < 400 }).toMatchObject({ faults: '', ok: true });
    for (const { headers } of github.seen) {
      expect(headers).toMatchObject({ authorization: expect.stringMatching(/^Bearer ./), 'x-github-api-version': '2022-11-28', accept: 'application/vnd.github+json' });
      expect(headers['user-agent']).toBeTruthy();
    }
  };

  it('a dispatch is taken, and its run told where the server can tell it', async () => {
    if (!hasDetails) github.unknownFields('ignored');
    const outcome = await dispatch.send(call({ with: { ...build, inputs: { version: '1.0', count: 3, dry: false } } }));
    expect(outcome).toMatchObject({ kind: 'accepted', run: hasDetails ? { id: '1', url: 'https://github.com/octo-org/octo-repo/actions/runs/1' } : undefined });
    expect(github.seen[0]!.body).toMatchObject({ inputs: { version: '1.0', count: '3', dry: 'false', STELLWERK_ID: expect.stringMatching(/:run:1$/) } });
    expectAllValid();
  });

  it('a dispatch that is answered without a run is found by a look-up', async () => {
    if (!hasDetails) github.unknownFields('ignored');
    github.prefer(204);
    expect(await dispatch.send(call())).toEqual({ kind: 'accepted', run: undefined });
    expect(github.seen).toMatchObject([{ status: 204 }]);
    github.prefer();
    expect(await dispatch.lookUp!(call({ sentAt: EXAMPLE.created }))).toMatchObject({ kind: 'found', run: { id: EXAMPLE.id, number: 562, repository } });
    expect(sent('get').map(({ path }) => path)).toEqual(expect.arrayContaining([`/repos/${repository}/actions/runs`, '/user']));
    expectAllValid();
  });

  it('a server that refuses `return_run_details` is asked without it, with nothing else it does not know', async () => {
    expect(await dispatch.send(call())).toMatchObject({ kind: 'accepted' });
    const [first, second] = sent('post');
    if (hasDetails) return expect([first!.status, second]).toEqual([200, undefined]);
    expect(first).toMatchObject({ status: 422, faults: expect.stringContaining('return_run_details'), body: { return_run_details: true } });
    expect(second).toMatchObject({ status: 204, faults: '' });
    expect(second!.body).toEqual({ ref: EXAMPLE.ref, inputs: { STELLWERK_ID: expect.any(String) } });
  });

  it.each(['ignored', 'refused'] as const)('ten inputs go out, ours only where there is room beside them; unknown fields are %s', async (fate) => {
    github.unknownFields(fate);
    const outcome = await dispatch.send(call({ with: { ...build, inputs: tenInputs } }));
    if (hasDetails) {
      expect(outcome).toMatchObject({ kind: 'accepted' });
      return expect(Object.keys((github.seen[0]!.body as { inputs: object }).inputs)).toHaveLength(11);
    }
    expect(outcome).toMatchObject({ kind: 'carrier-refused', reason: expect.stringContaining('no further input') });
    expect(await dispatch.send(call({ carrier: false, with: { ...build, inputs: tenInputs } }))).toEqual({ kind: 'accepted', run: undefined });
    expect(github.seen.at(-1)).toMatchObject({ status: 204, body: { inputs: tenInputs } });
  });

  it('runs are read, listed and cancelled', async () => {
    await dispatch.learn!(call(), { id: EXAMPLE.id } as StartedRun);
    expect(await adapter.describe(call().calls, { repository, pipeline: 'build.yml' }, EXAMPLE.id)).toMatchObject({ id: EXAMPLE.id, attempt: 1 });
    const polled = await adapter.poll(call().calls, repository, [followed(EXAMPLE.id), followed('7')], () => undefined);
    expect(polled.map(({ runKey }) => runKey)).toEqual([EXAMPLE.id, '7']);
    expect(polled[0]!.events).toMatchObject([{ type: 'pipelinerun.queued', data: { sha: 'acb5820ced9479c074f688cc328bf03f341a511d', run: { number: 562 } } }]);
    await adapter.cancel(call().calls, { repository, runId: EXAMPLE.id });
    expect(sent('post')).toMatchObject([{ path: `/repos/${repository}/actions/runs/${EXAMPLE.id}/cancel`, status: 202 }]);
    expectAllValid();
  });

  it('a cancel that comes too late is no fault', async () => {
    github.prefer(409);
    await adapter.cancel(call().calls, { repository, runId: EXAMPLE.id });
    expect(github.seen).toMatchObject([{ status: 409 }]);
  });

  it.each(['error', 'failure', 'pending', 'success'])('the commit status %s is set', async (state) => {
    const values = { repository, sha: 'a'.repeat(40), state, context: 'stellwerk/release', description: 'é'.repeat(300), target_url: 'http://127.0.0.1:8081/runs/1' };
    expect(await setStatus.send(call({ action: 'set-status', with: values }))).toEqual({ kind: 'accepted', outputs: { id: 1 } });
    expect(github.seen).toMatchObject([{ status: 201 }]);
    expectAllValid();
  });

  it.each(Object.entries(OTHERS))('%s is taken as it is sent, and looked up as it is described', async (action, values) => {
    const of = call({ action, with: { repository, ...values }, sentAt: new Date() });
    const repeats = REPEATED[action] && { repository, ...REPEATED[action] };
    expect(await actionNamed(action).send(of)).toEqual({ kind: 'accepted', outputs: GIVEN[action], repeats });
    expectAllValid();
    github.seen.length = 0;
    await actionNamed(action).lookUp?.(of);
    if (actionNamed(action).lookUp) expectAllValid();
  });

  it('an App gets its token, and its credentials are probed', async () => {
    const app = { id: 'Iv1.abc', installation: '1', privateKey: { env: 'KEY' } };
    const key = generateKeyPairSync('rsa', { modulusLength: 2_048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    const connection = { ...call().connection, auth: { app } };
    const credentials = await adapter.credentials(connection, { resolve: () => new Secret(key.privateKey) } as never);
    expect(credentials).toEqual({ authorization: expect.stringMatching(/^Bearer ghs_/) });
    expect(github.seen).toMatchObject([{ method: 'post', path: '/app/installations/1/access_tokens', status: 201 }]);
    expectAllValid();
    expect((await call().calls.read(adapter.probePath)).status).toBe(200);
    expect((await call().calls.write({ method: 'POST', path: `/repos/${repository}/statuses/x`, json: { status: 'wrong field' } }, UNGUARDED)).status).toBe(422);
  });
});
