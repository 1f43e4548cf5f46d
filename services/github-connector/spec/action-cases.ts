import { randomBytes, randomUUID } from 'node:crypto';
import { TOKEN, type ActionCase, type Platform } from '@stellwerk/connector-kit/conformance';
import { instanceOrigin, platformRunKey } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';

const repository = 'acme/shop';
const nothing = 'acme/nothing';
const shop = '/repos/acme/shop';
const sha = (): string => randomBytes(20).toString('hex');

/** What the platform's own API shows. */
const ask = async <T>({ url }: Platform, path: string, json?: object): Promise<T> => {
  const order = json ? { method: 'POST', body: JSON.stringify(json) } : {};
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` }, ...order });
  return (await response.json()) as T;
};

interface Run {
  id: number;
  status: string;
  run_attempt: number;
  conclusion: string | null;
  display_title: string;
}

const readRun = (platform: Platform, id: number): Promise<Run> => ask<Run>(platform, `${shop}/actions/runs/${id}`);

/** Somebody's push, and the run that came of it. */
const push = async (platform: Platform, milliseconds?: number): Promise<number> =>
  (await ask<Run>(platform, '/_simulator/push', { repository, workflow: 'ci.yml', milliseconds })).id;

const ended = async (platform: Platform): Promise<number> => {
  const id = await push(platform, 1);
  await waitFor(async () => (await readRun(platform, id)).status === 'completed', { what: 'a run that has ended' });
  return id;
};

const setStatus: ActionCase = {
  action: 'set-status',
  method: 'POST',
  path: '*/statuses/*',
  async prepare(platform) {
    const values = { repository, sha: sha(), state: 'success', context: 'stellwerk/f' };
    // Setting the same one twice does no harm: what counts is the last of a context.
    const statuses = () => ask<{ id: number; context: string }[]>(platform, `${shop}/commits/${values.sha}/statuses`);
    return {
      with: values, effects: async () => new Set((await statuses()).map(({ context }) => context)).size,
      outputs: async () => ({ id: (await statuses())[0]!.id }),
    };
  },
  refused: { with: { repository, sha: 'main', state: 'success' }, words: /No commit found/ },
  missing: { repository: nothing, sha: sha(), state: 'success' },
};

const dispatchRepository: ActionCase = {
  action: 'dispatch-repository',
  method: 'POST',
  path: '/repos/*/dispatches',
  async prepare(platform) {
    const title = randomUUID();
    const runs = async () => (await ask<{ workflow_runs: Run[] }>(platform, `${shop}/actions/runs?event=repository_dispatch&per_page=100`)).workflow_runs;
    return { with: { repository, type: 'tell', payload: { title } }, effects: async () => (await runs()).filter((run) => run.display_title.startsWith(title)).length };
  },
  refused: { with: { repository, type: 'tell', payload: { too: 'x'.repeat(66_000) } }, words: /65536/ },
  missing: { repository: nothing, type: 'tell' },
  // Which workflows listen is GitHub's to know: that no run shows our id proves nothing.
  absenceIsNeverSure: true,
};

const rerun: ActionCase = {
  action: 'rerun',
  method: 'POST',
  path: '*/rerun',
  async prepare(platform) {
    const run = await ended(platform);
    return {
      with: { repository, run: String(run) }, effects: async () => (await readRun(platform, run)).run_attempt - 1,
      repeats: { key: platformRunKey(instanceOrigin('github', platform.url), repository, String(run)), attempt: 2 },
    };
  },
  refused: { with: async (platform) => ({ repository, run: String(await push(platform, 60_000)) }), words: /already running/ },
  missing: { repository, run: '1' },
};

const cancel: ActionCase = {
  action: 'cancel',
  method: 'POST',
  path: '*/cancel',
  async prepare(platform) {
    const run = await push(platform, 60_000);
    // A cancel is asked for, and done a moment later.
    const isCancelled = async () => (await readRun(platform, run)).conclusion === 'cancelled';
    const ordered = async () => (await platform.journal()).some((one) => one.path.endsWith(`/runs/${run}/cancel`) && decidedOf(one) === 202);
    return { with: { repository, run: String(run) }, effects: async () => Number((await ordered()) && (await waitFor(isCancelled, { what: 'the end of a cancelled run' }))) };
  },
  refused: { with: { repository, run: 'main' }, words: /neither the id of a workflow run/ },
  missing: { repository, run: '1' },
};

/** What the simulator came to, heard or not. */
const decidedOf = (one: { answer?: { status: number } }): number | undefined => (one as { decided?: number }).decided ?? one.answer?.status;

const createDeployment: ActionCase = {
  action: 'create-deployment',
  method: 'POST',
  path: '*/deployments',
  async prepare(platform) {
    const environment = `review-${randomUUID()}`;
    const deployments = () => ask<{ id: number }[]>(platform, `${shop}/deployments?environment=${environment}`);
    return {
      with: { repository, ref: 'main', environment, required_contexts: [], payload: { version: '1.0' } }, effects: async () => (await deployments()).length,
      outputs: async () => ({ deployment: (await deployments())[0]?.id }),
    };
  },
  refused: { with: { repository, ref: 'main', required_contexts: ['never/set'] }, words: /409.*Commit status checks failed/ },
  missing: { repository: nothing, ref: 'main' },
};

const newDeployment = async (platform: Platform): Promise<number> =>
  (await ask<{ id: number }>(platform, `${shop}/deployments`, { ref: 'main', environment: randomUUID(), required_contexts: [] })).id;

const setDeploymentStatus: ActionCase = {
  action: 'set-deployment-status',
  method: 'POST',
  path: '*/deployments/*/statuses',
  async prepare(platform) {
    const deployment = await newDeployment(platform);
    const statuses = () => ask<{ id: number }[]>(platform, `${shop}/deployments/${deployment}/statuses`);
    return {
      with: { repository, deployment_id: deployment, state: 'success', description: 'Deployed '.repeat(30), environment_url: 'https://shop.example.com' },
      effects: async () => (await statuses()).length, outputs: async () => ({ id: (await statuses())[0]?.id }),
    };
  },
  refused: { with: async (platform) => ({ repository, deployment_id: await newDeployment(platform), state: 'done' }), words: /state is not included/ },
  missing: { repository, deployment_id: 1, state: 'success' },
};

let issues = 0;

const comment: ActionCase = {
  action: 'comment',
  method: 'POST',
  path: '*/issues/*/comments',
  async prepare(platform) {
    const number = (issues += 1);
    const comments = () => ask<{ id: number; html_url: string }[]>(platform, `${shop}/issues/${number}/comments`);
    return {
      with: { repository, issue_number: number, body: 'Deployed.' }, effects: async () => (await comments()).length,
      outputs: async () => ({ comment: (await comments())[0]?.id, url: (await comments())[0]?.html_url }),
    };
  },
  refused: { with: { repository, issue_number: 900, body: 'x'.repeat(70_000) }, words: /body is too long/ },
  missing: { repository, issue_number: 1_000_000, body: 'Deployed.' },
};

/** Actions of GitHub that start no run of their own. */
export const actionCases: readonly ActionCase[] = [setStatus, dispatchRepository, rerun, cancel, createDeployment, setDeploymentStatus, comment];
