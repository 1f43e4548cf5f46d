import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startGitlabSimulator, type RunningSimulator } from '@stellwerk/simulators';
import { freePort, tempDir, waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configDir, startStellwerk, stopEverything, type Resource, type RunSeen as Seen, type Stellwerk } from './harness/index.js';

type RunSeen = Seen & { flow: string };

const SIGNING_TOKEN = `whsec_${randomBytes(32).toString('base64')}`;
const FLOWS = ['each-end', 'each-start'];
let gitlab: RunningSimulator;
let stellwerk: Stellwerk;
let home: Awaited<ReturnType<typeof tempDir>>;

/** Without `report`: it goes to where the event came from. */
const flow = (name: string, event: string): Resource => ({
  kind: 'Flow', metadata: { name },
  spec: { on: [{ event, from: 'gl', repository: 'acme/group/shop' }], steps: { scan: { uses: 'gl/trigger-pipeline', with: { project: 'acme/scan', ref: 'main' } } } },
});

/** Cancels the pipeline that it reports to. */
const tidy: Resource = {
  kind: 'Flow', metadata: { name: 'tidy' },
  spec: { on: [{ event: 'pipelinerun.started', from: 'gl', repository: 'acme/doomed' }], steps: { stop: { uses: 'gl/cancel', with: { project: 'acme/doomed', pipeline: '${{ event.run.id }}' } } } },
};

beforeAll(async () => {
  home = await tempDir('gitlab-report');
  const port = await freePort();
  gitlab = await startGitlabSimulator({
    journalFile: join(home.path, 'journal.jsonl'), hookUrl: `http://127.0.0.1:${port}/hooks/gl`, token: 'access', signingToken: SIGNING_TOKEN, runMilliseconds: 500,
    projects: [{ id: 1, path: 'acme/group/shop' }, { id: 2, path: 'acme/scan' }, { id: 3, path: 'acme/doomed' }],
  });
  const config = await configDir([
    {
      kind: 'Connection', metadata: { name: 'gl' },
      spec: {
        platform: 'gitlab', url: gitlab.url, webhook: { secrets: [{ env: 'GL_SIGNING_TOKEN' }] }, auth: { token: { env: 'GL_TOKEN' } },
        network: { allow: ['127.0.0.0/8'] }, poll: { every: '2s' },
      },
    },
    flow('each-end', 'pipelinerun.finished'), flow('each-start', 'pipelinerun.started'), tidy,
  ]);
  stellwerk = await startStellwerk({ config: config.path, env: { INGRESS_PORT: String(port), GL_SIGNING_TOKEN: SIGNING_TOKEN, GL_TOKEN: 'access' } });
  await stellwerk.ready();
});
afterAll(async () => {
  await stopEverything();
  await gitlab.close();
  await home.remove();
});

const runsOf = async (sha: string): Promise<RunSeen[]> => (await stellwerk.api<{ items: RunSeen[] }>(`/api/runs?sha=${sha}`)).items;

const pipelineStatus = (id: number): string => (gitlab.runs() as { id: number; status: string }[]).find((run) => run.id === id)!.status;

/** A developer pushes; both flows run to their ends, and GitLab shows them at the pipeline. */
const reported = async (end: string): Promise<string> => {
  const sha = randomBytes(20).toString('hex');
  const { id } = gitlab.push({ project: 'acme/group/shop', sha }) as { id: number };
  await waitFor(async () => (await runsOf(sha)).filter(({ state }) => ['succeeded', 'failed'].includes(state)).length >= FLOWS.length, { what: 'both runs to end', timeoutMs: 60_000 });
  const told = async () => (await gitlab.journal()).filter(({ path, answer }) => path.includes(`/statuses/${sha}`) && answer?.status === 201);
  await waitFor(async () => (await told()).length === 4 && pipelineStatus(id) === end, { what: `four statuses and a pipeline that is ${end}`, timeoutMs: 30_000 });
  return sha;
};

it('what flows report to GitLab ends the pipeline anew, and starts no flow again', async () => {
  const first = await reported('success');
  gitlab.outcomes.next('acme/scan', ['failed', 'failed']);
  const second = await reported('failed');
  // Whatever the statuses of the first brought about was told before the end of this one.
  const last = await reported('success');
  await waitFor(() => gitlab.sentHooks().every(({ state }) => state === 'delivered'), { what: 'every hook to be delivered', timeoutMs: 30_000 });
  for (const sha of [first, second, last]) expect((await runsOf(sha)).map(({ flow: name }) => name).sort()).toEqual(FLOWS);
  expect((await gitlab.journal()).filter(({ kind, path }) => kind === 'request' && path.includes('/pipelines?sha=')), 'reports know their pipeline').toEqual([]);
}, 240_000);

it('a flow that cancels the pipeline of its own event is not held up by what it reports to it', async () => {
  const sha = randomBytes(20).toString('hex');
  const { id } = gitlab.push({ project: 'acme/doomed', sha, status: 'never' }) as { id: number };
  const run = await waitFor(async () => (await runsOf(sha)).find(({ state }) => state === 'succeeded'), { what: 'the run to end', timeoutMs: 60_000 });
  expect(run.flow).toBe('tidy');
  await waitFor(() => pipelineStatus(id) === 'canceled', { what: 'the end of the pipeline', timeoutMs: 30_000 });
}, 120_000);
