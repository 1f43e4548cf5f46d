import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRig, TOKEN, type Rig } from '@stellwerk/connector-kit/conformance';
import { connectorRequest, type ConnectionCheck, type HookChange, type SetUpReply } from '@stellwerk/contracts';
import { RequestClient } from '@stellwerk/messaging';
import { startGitlabSimulator } from '@stellwerk/simulators';
import { afterEach, expect, it } from 'vitest';

const SIGNING = `whsec_${Buffer.from('a signing token of 32 characters').toString('base64')}`;
const HOOKS = 'https://ci.example.com/hooks';
let rig: Rig;
let requests: RequestClient;
let url: string;

afterEach(async () => {
  await requests?.onApplicationShutdown();
  await rig?.close();
});

const start = async (knowsSigningTokens: boolean, webhook: object): Promise<void> => {
  rig = await startRig({
    service: 'gitlab-connector', platform: 'gitlab', auth: (token) => ({ token }), action: '', works: {}, worksWithoutCarrier: {}, refused: { with: {}, words: /x/ }, missing: {},
    outcomeKey: '', triggerPath: '', repository: '', urlOf: () => '',
    start: async (options) => {
      const gitlab = await startGitlabSimulator({ ...options, projects: [{ id: 42, path: 'acme/scan' }], knowsSigningTokens });
      url = gitlab.url;
      return gitlab;
    },
  });
  const resources = [
    { kind: 'Connection', metadata: { name: 'c' }, spec: { platform: 'gitlab', url, webhook, auth: { token: { env: 'PLATFORM_TOKEN' } }, network: { allow: ['127.0.0.0/8'] } } },
    { kind: 'Flow', metadata: { name: 'f' }, spec: { on: { event: ['pipelinerun.finished', 'change.merged'], from: 'c', repository: 'acme/scan' }, steps: { a: { uses: 'c/trigger-pipeline', with: { project: 'acme/scan', ref: 'main' } } } } },
  ];
  await writeFile(join(rig.dir, 'config', 'connections.yaml'), resources.map((one) => JSON.stringify(one)).join('\n---\n'));
  await rig.startConnector({ PUBLIC_HOOKS_URL: HOOKS, SIGNING, HOOK_TOKEN: 'a-hook-token', PLATFORM_TOKEN: TOKEN });
  requests = new RequestClient({ name: 'status', url: rig.natsUrl });
};

const setUp = async (): Promise<HookChange> => (await requests.ask<SetUpReply>(connectorRequest('gitlab-connector', 'set-up'), { connection: 'c', dryRun: false, by: 'ada' }, 30_000)).changes[0]!;
const check = async (): Promise<string[]> => (await requests.ask<ConnectionCheck>(connectorRequest('gitlab-connector', 'check'), { connection: 'c' }, 30_000)).findings.map(({ level, about, text }) => `${level} ${about}: ${text}`);
const hooks = async (): Promise<Record<string, unknown>[]> =>
  (await fetch(`${url}/api/v4/projects/42/hooks`, { headers: { 'private-token': TOKEN } })).json() as Promise<Record<string, unknown>[]>;

it('sets a webhook up with the signing token, once', async () => {
  await start(true, { secrets: [{ env: 'SIGNING' }] });
  expect(await setUp()).toEqual({
    place: 'acme/scan', action: 'create', done: true, lines: [`create a webhook to ${HOOKS}/c with the connection's signing token, which sends pipeline_events, merge_requests_events`],
  });
  expect(await setUp()).toMatchObject({ action: 'none', done: false });
  expect(await hooks()).toMatchObject([{ url: `${HOOKS}/c`, signing_token_present: true, pipeline_events: true, merge_requests_events: true, push_events: false }]);
  expect(await check()).toContain('ok acme/scan: its webhook leads to us and sends what flows wait for');
});

it('leaves no webhook behind that an older server cannot sign', async () => {
  await start(false, { secrets: [{ env: 'SIGNING' }] });
  expect(await setUp()).toMatchObject({ action: 'refused', done: false, lines: [expect.stringContaining('does not know signing tokens')] });
  expect(await hooks()).toEqual([]);
});

it('takes the token where the connection has one', async () => {
  await start(false, { secrets: [{ env: 'SIGNING' }], tokens: [{ env: 'HOOK_TOKEN' }] });
  expect(await setUp()).toMatchObject({ action: 'create', done: true });
  expect(await hooks()).toMatchObject([{ token_present: true }]);
  expect((await check()).filter((line) => line.includes('acme/scan'))).toEqual(['ok acme/scan: its webhook leads to us and sends what flows wait for', 'ok acme/scan: GitLab has not switched it off']);
});
