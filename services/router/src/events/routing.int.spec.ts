import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@stellwerk/testing';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

const FLOWS = `
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: release }
spec:
  on:
    - { event: pipelinerun.finished, from: github, repository: acme/shop, branches: main, outcome: success }
    - { event: pipelinerun.finished, from: github, repository: acme/* }
  env: { version: "\${{ event.sha }}" }
  steps:
    scan:
      uses: gitlab/trigger-pipeline
      with: { project: acme/scan, ref: "\${{ event.branch }}", inputs: { sha: "\${{ env.version }}" } }
    after:
      needs: [scan]
      uses: gitlab/trigger-pipeline
      with: { project: acme/after, ref: main, inputs: { scan: "\${{ steps.scan.run.url }}" } }
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: tests }
spec:
  on: [{ event: pipelinerun.finished, repository: acme/tests }]
  report: []
  steps:
    test: { uses: gitlab/trigger-pipeline, with: { project: acme/tests, ref: main } }
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: other }
spec:
  on: [{ event: pipelinerun.finished, from: gitlab, repository: any, outcome: success }]
  steps:
    note: { uses: jenkins/start-build, with: { job: note } }
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: circle }
spec:
  on:
    - { event: pipelinerun.finished, from: github, repository: acme/circle }
    - { event: pipelinerun.finished, from: gitlab, repository: any, pipeline: circle }
  steps:
    again: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
`;

let rig: RouterRig;

// Two replicas throughout: whatever holds here holds for racing ones.
beforeAll(async () => {
  rig = await startRouterRig(FLOWS);
  await Promise.all([rig.start(), rig.start()]);
}, 180_000);

afterAll(() => rig?.stop());

describe('an event', () => {
  it('starts a run, whose steps follow each other to its end', async () => {
    await rig.github('1');
    const run = await rig.soleRun('release');
    const scan = await rig.command(`${run}:scan:run:1`);
    expect(scan.data).toMatchObject({ connection: 'gitlab', platform: 'gitlab', action: 'trigger-pipeline', with: { project: 'acme/scan', ref: 'main', inputs: { sha: 'a'.repeat(40) } }, await: true });
    await rig.answer(scan, 'accepted', { id: '100' });
    await rig.pipeline('100', 'started');
    await rig.pipeline('100', 'finished', { outcome: 'success' });
    const after = await rig.command(`${run}:after:run:1`);
    expect(after.data.with).toMatchObject({ inputs: { scan: 'https://gitlab.example.com/100' } });
    await rig.answer(after, 'accepted', { id: '101' });
    await rig.pipeline('101', 'finished', { outcome: 'success' });
    const end = await rig.reaches(run, 'succeeded');
    expect(end).toMatchObject({ flow: 'release', event: { repository: 'acme/shop', sha: 'a'.repeat(40) }, steps: [{ name: 'scan', state: 'succeeded' }, { name: 'after', state: 'succeeded' }] });
    const versions = (await rig.snapshots(run)).map(({ version }) => version);
    expect(versions).toEqual(versions.map((_, index) => index + 1));
  });

  it('says pending and the end on the commit', async () => {
    const [run] = await rig.runs('release');
    const pending = await rig.command(`${run!.id}:report:report:1`);
    expect(pending.data).toMatchObject({ connection: 'github', action: 'set-status', with: { repository: 'acme/shop', state: 'pending', context: 'stellwerk/release', target_url: `http://127.0.0.1:8081/runs/${run!.id}` } });
    await rig.answer(pending, 'accepted', { followed: false });
    expect((await rig.command(`${run!.id}:report:report:2`)).data.with).toMatchObject({ state: 'success' });
  });

  it('delivered five times, by hook and by poll, is one run', async () => {
    await Promise.all([
      ...Array.from({ length: 5 }, () => rig.github('2', { repository: 'acme/tests' })),
      rig.github('2', { repository: 'acme/tests', delivery: 'redelivered' }),
      rig.github('2', { repository: 'acme/tests', polled: true }),
    ]);
    const run = await rig.soleRun('tests');
    await rig.command(`${run}:test:run:1`);
    await rig.quiet();
    expect(await rig.runs('tests')).toHaveLength(1);
    expect(await rig.commands({ run })).toHaveLength(1);
    expect((await rig.snapshots(run)).map(({ version }) => version)).toEqual([1]);
    // The second trigger of `release` takes it as well: one run of each flow.
    expect((await rig.runs('release')).filter(({ id }) => id !== run)).toHaveLength(2);
  });
});

describe('news that come in another order', () => {
  it('an end seen before our own trigger was accepted counts when it is', async () => {
    await rig.github('3', { repository: 'acme/tests' });
    const run = await newestRun('tests', 2);
    const sent = await rig.command(`${run}:test:run:1`);
    await rig.pipeline('300', 'finished', { outcome: 'failure', repository: 'any' });
    await rig.quiet();
    await rig.answer(sent, 'accepted', { id: '300' });
    expect((await rig.reaches(run, 'failed')).steps[0]).toMatchObject({ state: 'failed', outcome: 'failure', attempts: [{ run: { id: '300' } }] });
  });

  it('an end that carries our command id needs no acceptance', async () => {
    await rig.github('4', { repository: 'acme/tests' });
    const run = await newestRun('tests', 3);
    const sent = await rig.command(`${run}:test:run:1`);
    await rig.pipeline('400', 'finished', { outcome: 'success', correlation: sent.id });
    await rig.reaches(run, 'succeeded');
    await rig.answer(sent, 'accepted', { id: '400' });
    await rig.quiet();
    expect((await rig.snapshots(run)).at(-1)).toMatchObject({ state: 'succeeded' });
  });
});

describe('runs that follow from runs', () => {
  it('the end of our own step may start another flow', async () => {
    const before = (await rig.runs('other')).length;
    await rig.github('5', { repository: 'acme/tests' });
    const sent = await rig.command(`${await newestRun('tests', 4)}:test:run:1`);
    await rig.answer(sent, 'accepted', { id: '500' });
    await rig.pipeline('500', 'finished', { outcome: 'success' });
    await newestRun('other', before + 1);
  });

  it('a flow is not started again by its own result, and the run says so', async () => {
    await rig.github('6', { repository: 'acme/circle' });
    const run = await rig.soleRun('circle');
    const sent = await rig.command(`${run}:again:run:1`);
    await rig.pipeline('600', 'finished', { outcome: 'failure', pipeline: 'circle', correlation: sent.id });
    await rig.reaches(run, 'failed');
    await rig.quiet();
    expect(await rig.runs('circle')).toHaveLength(1);
    expect((await rig.snapshots(run)).at(-1)!.reason).toContain('flow circle was not started again by its own result');
  });

  it('an event that an unsettled command may have caused is held until that command is settled', async () => {
    await rig.github('7', { repository: 'acme/circle' });
    const run = await newestRun('circle', 2);
    const sent = await rig.command(`${run}:again:run:1`);
    await rig.pipeline('700', 'finished', { outcome: 'failure', pipeline: 'circle' });
    await rig.quiet();
    expect((await rig.database.query('SELECT id FROM held_events')).rows).toHaveLength(1);
    // Why it takes so long is shown, and settles nothing.
    await rig.answer(sent, 'delayed', { reason: 'the answer was lost' });
    await waitFor(async () => (await rig.snapshots(run)).at(-1)?.steps[0]?.reason === 'the answer was lost', { what: 'the reason on the step' });
    await rig.quiet();
    expect((await rig.database.query('SELECT state FROM commands WHERE id = $1', [sent.id])).rows).toEqual([{ state: 'sent' }]);
    expect((await rig.database.query('SELECT id FROM held_events')).rows).toHaveLength(1);
    await rig.answer(sent, 'accepted', { id: '700' });
    await rig.reaches(run, 'failed');
    await waitFor(async () => (await rig.database.query('SELECT id FROM held_events')).rows.length === 0, { what: 'the held event to be released' });
    await rig.quiet();
    expect(await rig.runs('circle')).toHaveLength(2);
  });

  it('a foreign run that was held starts what it matches once the command turns out to be another', async () => {
    await rig.github('8', { repository: 'acme/circle' });
    const sent = await rig.command(`${await newestRun('circle', 3)}:again:run:1`);
    await rig.pipeline('800', 'finished', { outcome: 'failure', pipeline: 'circle' });
    await rig.quiet();
    expect(await rig.runs('circle')).toHaveLength(3);
    await rig.answer(sent, 'accepted', { id: '801' });
    await newestRun('circle', 4);
  });

  it('one of several runs that a command caused goes back to it, and is not what it waits for', async () => {
    await rig.github('9', { repository: 'acme/circle' });
    const run = await newestRun('circle', 5);
    const sent = await rig.command(`${run}:again:run:1`);
    await rig.pipeline('900', 'finished', { outcome: 'failure', pipeline: 'circle', causedBy: sent.id });
    await rig.quiet();
    expect((await rig.snapshots(run)).at(-1)).toMatchObject({ state: 'running' });
    await rig.answer(sent, 'accepted', { id: '901' });
    await rig.pipeline('901', 'finished', { outcome: 'success', pipeline: 'elsewhere' });
    await rig.reaches(run, 'succeeded');
    await rig.quiet();
    expect(await rig.runs('circle')).toHaveLength(5);
  });
});

const newestRun = async (flow: string, count: number): Promise<string> => {
  const runs = await waitFor(async () => { const found = await rig.runs(flow); return found.length >= count && found; }, { what: `${count} runs of ${flow}`, timeoutMs: 30_000 });
  return runs.at(-1)!.id;
};
