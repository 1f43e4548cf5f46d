import { startRig, flowResource, type Rig } from '@stellwerk/testing/rig';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const LONG = { timeoutMs: 150_000, everyMs: 2_000 };
/** A step that asks nothing of its platform's run. */
const build = { e2e: { uses: 'jenkins/start-build', with: { job: 'shop/e2e' }, await: false } };

let rig: Rig;

beforeAll(async () => {
  rig = await startRig({
    services: { ingress: 1, router: 1, 'github-connector': 1, 'gitlab-connector': 1, 'jenkins-connector': 1 }, publicHooks: true,
    resources: [
      flowResource('ops', build, { on: { event: 'pipelinerun.finished', from: 'github', repository: 'acme/ops', outcome: 'success' } }),
      flowResource('scan', build, { on: { event: 'pipelinerun.finished', from: 'gitlab', repository: 'acme/scan', outcome: 'success' } }),
    ],
  });
});

afterAll(async () => rig?.close());

const order = async <T>(platform: 'github' | 'gitlab', path: string, body?: object): Promise<T> => {
  const response = await fetch(`${rig.platforms[platform].url}/_simulator${path}`, {
    method: body ? 'POST' : 'GET', ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
};

interface Hook {
  id: number;
  about: string;
  event: string;
  state: string;
  redelivery: boolean;
}

const hooks = async (platform: 'github' | 'gitlab', about: string): Promise<Hook[]> => (await order<{ items: Hook[] }>(platform, `/hooks?about=${encodeURIComponent(about)}`)).items;
const runsOf = async (flow: string): Promise<number> => (await rig.query<{ count: number }>('SELECT count(*)::int AS count FROM router.runs WHERE flow = $1', [flow]))[0]!.count;
/** Sweeps have their turn now, as after the minutes that lie between two. */
const sweepNow = (schema: string): Promise<unknown> => rig.query(`UPDATE ${schema}.sweeps SET next_at = now() WHERE owner IS NULL`);
/** The first look at a source only begins. */
const begun = (schema: string): Promise<unknown> =>
  waitFor(async () => (await rig.query(`SELECT 1 FROM ${schema}.sweeps WHERE swept_at IS NOT NULL`)).length > 0, { ...LONG, what: `the first sweep of ${schema}` });

describe('what happened while ingress was away', () => {
  it('on GitHub is told by the webhooks it is asked for again, and starts each flow once', async () => {
    const [ingress] = rig.service('ingress');
    await begun('github_connector');
    await ingress!.kill();
    const run = await order<{ id: number }>('github', '/push', { repository: 'acme/ops', workflow: 'ship.yml', milliseconds: 20 });
    await waitFor(async () => (await hooks('github', `${run.id} completed`)).some(({ state }) => state === 'failed'), { what: 'the webhook that finds no door' });
    await rig.startAll();
    await waitFor(async () => {
      await sweepNow('github_connector');
      return (await runsOf('ops')) === 1;
    }, { ...LONG, what: 'the run' });
    const again = await waitFor(async () => (await hooks('github', `${run.id} completed`)).filter(({ event, redelivery, state }) => event === 'workflow_run' && redelivery && state === 'delivered'), { what: 'the redelivery' });
    expect(again).toHaveLength(1);
  });

  it('on GitLab is found in the lists of pipelines, and a webhook that comes after all starts nothing more', async () => {
    const [ingress] = rig.service('ingress');
    await begun('gitlab_connector');
    await ingress!.kill();
    const pipeline = await order<{ id: number }>('gitlab', '/push', { project: 'acme/scan', milliseconds: 20 });
    const end = `${pipeline.id} success`;
    const lost = await waitFor(async () => (await hooks('gitlab', end)).find(({ event, state }) => event === 'Pipeline Hook' && state === 'failed'), { what: 'the webhook that finds no door' });
    await rig.startAll();
    await waitFor(async () => {
      await sweepNow('gitlab_connector');
      return (await runsOf('scan')) === 1;
    }, { ...LONG, what: 'the run' });
    await waitFor(async () => (await rig.query("SELECT 1 FROM gitlab_connector.sweeps WHERE note LIKE '%told late%'")).length > 0, { what: 'the note that webhooks were missed' });
    await order('gitlab', `/hooks/${lost.id}/redeliver`, {});
    await waitFor(async () => (await hooks('gitlab', end)).some(({ redelivery, state }) => redelivery && state === 'delivered'), { what: 'the late webhook' });
    // The next pipeline's run shows that the late webhook has been through.
    await order('gitlab', '/push', { project: 'acme/scan', milliseconds: 20 });
    await waitFor(async () => (await runsOf('scan')) >= 2, { ...LONG, what: 'the run of the next pipeline' });
    const started = await rig.query<{ id: string }>("SELECT id FROM router.runs WHERE flow = 'scan'");
    expect(started).toHaveLength(2);
  });
});
