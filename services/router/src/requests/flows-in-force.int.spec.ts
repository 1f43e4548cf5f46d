import { configRequest, ROUTER_REQUESTS, type ConfigInForce, type ExplainReply, type FlowExplanation } from '@stellwerk/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterProcess, type RouterRig } from '../../test/router-rig.js';

const RELEASE = `
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: release }
spec:
  on: [{ event: pipelinerun.finished, from: github, branches: [main], if: event.actor != "robot" }]
  report: []
  steps:
    scan: { uses: gitlab/trigger-pipeline, with: { project: scan, ref: "\${{ event.branch }}" } }
    deploy: { needs: [scan], uses: gitlab/trigger-pipeline, with: { project: "deploy-\${{ steps.scan.run.id }}", ref: main } }
`;

/** More than fit into one message. */
const MANY = Array.from({ length: 50 }, (_, at) => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: many-${at + 100} }
spec:
  on:
${Array.from({ length: 25 }, (__, one) => `    - { event: commit.pushed, branches: ["${'x'.repeat(350)}${one}"] }`).join('\n')}
  steps: { it: { uses: jenkins/start-build, with: { job: any } } }
`).join('');

const question = (data: object) => ({
  id: 'github:1:pipelinerun.finished', type: 'pipelinerun.finished', fact: 'https://api.github.com/acme/shop/pipelinerun/1/1/finished',
  data: { connection: 'github', platform: 'github', repository: 'acme/shop', branch: 'main', occurredAt: '2026-11-24T08:00:00Z', ...data },
});

let rig: RouterRig;
let router: RouterProcess;

beforeAll(async () => {
  rig = await startRouterRig(RELEASE);
  router = await rig.start();
});
afterAll(() => rig?.stop());

const explain = (data: object, after?: string): Promise<ExplainReply> => rig.ask<ExplainReply>(ROUTER_REQUESTS.explain, { ...question(data), ...(after !== undefined && { after }) });

describe('the question what an event starts', () => {
  it('is answered by the flows in force, with the run that it names for ever', async () => {
    await rig.github('1', { actor: 'anna' });
    const run = await rig.soleRun('release');
    const [started] = (await explain({ actor: 'anna' })).items;
    expect(started).toMatchObject({ flow: 'release', matched: 0, run, triggers: [{ takes: true }] });
    const [refused] = (await explain({ actor: 'robot' })).items;
    expect(refused).not.toHaveProperty('run');
    expect(refused!.triggers[0]!.conditions.filter(({ holds }) => !holds)).toMatchObject([{ condition: 'if', saw: [{ expression: 'event.actor', value: '"robot"' }] }]);
  });

  it('goes with the other one, which set is in force', async () => {
    const { revision } = await explain({});
    expect(await rig.ask<ConfigInForce>(configRequest('router'), {})).toEqual({ revision, refused: false });
  });

  it('is answered in pages where one message does not hold it, each flow once', async () => {
    await rig.configure(RELEASE + MANY);
    const items: FlowExplanation[] = [];
    let pages = 0;
    for (let after: string | null | undefined; after !== null; pages += 1) {
      const page: ExplainReply = await explain({ actor: 'anna' }, after);
      items.push(...page.items);
      after = page.next;
    }
    expect(pages).toBeGreaterThan(1);
    expect(items.map(({ flow }) => flow)).toEqual([...Array.from({ length: 50 }, (_, at) => `many-${at + 100}`), 'release']);
    expect(items.filter(({ more }) => more !== undefined)).toEqual([]);
  });
});

describe('a flow that is deleted while a run of it lives', () => {
  it('starts nothing more, and its run ends by the revision it began with, also in another router', async () => {
    const run = await rig.soleRun('release');
    const scan = await rig.command(`${run}:scan:run:1`);
    await rig.configure(MANY.replace('---\n', ''));
    router.child.kill('SIGKILL');
    await router.exited;
    await rig.deserted();
    await rig.start();
    await rig.answer(scan, 'accepted', { id: '77' });
    await rig.pipeline('77', 'finished', { outcome: 'success' });
    const deploy = await rig.command(`${run}:deploy:run:1`);
    expect(deploy.data.with).toEqual({ project: 'deploy-77', ref: 'main' });
    await rig.answer(deploy, 'accepted', { id: '78' });
    await rig.pipeline('78', 'finished', { outcome: 'success' });
    expect((await rig.reaches(run, 'succeeded')).steps.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
    await rig.github('2', { actor: 'anna' });
    await rig.quiet();
    expect(await rig.runs('release')).toHaveLength(1);
  });
});
