import type { OrderReply } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carryOut } from '../../test/carry-out.js';
import { startRouterRig, type RouterProcess, type RouterRig } from '../../test/router-rig.js';

const FLOWS = `
apiVersion: stellwerk.dev/v1
kind: Environment
metadata: { name: production }
spec: {}
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: deploys }
spec:
  on: [{ event: pipelinerun.finished, repository: acme/deploys }]
  env: { version: "\${{ event.sha }}" }
  steps:
    deploy:
      environment: production
      uses: gitlab/trigger-pipeline
      with: { project: any, ref: main, inputs: { version: "\${{ env.version }}" } }
      rollback:
        uses: gitlab/trigger-pipeline
        with: { project: any, ref: main, inputs: { version: "\${{ environment.lastGood.env.version }}" } }
    smoke: { needs: [deploy], uses: jenkins/start-build, with: { job: smoke } }
    tell: { needs: [smoke], uses: jenkins/start-build, with: { job: tell } }
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: pair }
spec:
  on: [{ event: pipelinerun.finished, repository: acme/pair }]
  report: []
  steps:
    lost: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
    other: { uses: jenkins/start-build, with: { job: other } }
`;

let rig: RouterRig;
let routers: RouterProcess[];

beforeAll(async () => {
  rig = await startRouterRig(FLOWS);
  routers = await Promise.all([rig.start(), rig.start()]);
}, 180_000);

afterAll(() => rig?.stop());

let count = 0;

const begin = async (sha: string, flow = 'deploys'): Promise<string> => {
  const before = (await rig.runs()).length;
  await rig.github(`d${count += 1}`, { repository: `acme/${flow}`, sha: sha.repeat(40) });
  const runs = await waitFor(async () => { const found = await rig.runs(); return found.length > before && found; }, { what: 'a run' });
  return runs.at(-1)!.id;
};

/** A run whose steps end so, in their order; the report that it runs is answered. */
const life = async (sha: string, ...outcomes: ('success' | 'failure')[]): Promise<string> => {
  const run = await begin(sha);
  await rig.answer(await rig.command(`${run}:report:report:1`), 'accepted');
  for (const [at, outcome] of outcomes.entries()) await carryOut(rig, `${run}:${['deploy', 'smoke', 'tell'][at]}:run:1`, outcome);
  await rig.reaches(run, outcomes.includes('failure') ? 'failed' : 'succeeded');
  await rig.quiet();
  return run;
};

const twice = async (pattern: string, data: object): Promise<OrderReply[]> =>
  (await Promise.all([1, 2].map(() => rig.ask(pattern, data)))).sort((one, other) => one.status - other.status);

const ledger = async (): Promise<Record<string, string>> => {
  const { rows } = await rig.database.query<{ run: string; state: string }>('SELECT run, state FROM deployments');
  return Object.fromEntries(rows.map(({ run, state }) => [run, state]));
};

const sentOf = async (run: string): Promise<string[]> => (await rig.commands({ run })).map(({ id }) => id.slice(run.length + 1)).filter((id) => !id.startsWith('report'));

/** A router, the only one there is, dies of the order at this point. */
const diesOf = async (failpoint: string, pattern: string, data: object): Promise<void> => {
  const mortal = await rig.start(failpoint);
  // Nobody answers any more; how that ends is of no interest.
  void rig.ask(pattern, data).catch(() => undefined);
  expect((await mortal.exited).signal).toBe('SIGKILL');
};

describe('a retry', () => {
  it('ordered twice at once, of two routers, is done once; the deployment becomes good when the whole run is', async () => {
    const run = await life('1', 'success', 'failure');
    expect(await twice('router.retry', { run, by: 'alice' })).toMatchObject([{ ok: true, status: 202, detail: 'the run is running' }, { ok: false, status: 409 }]);
    await carryOut(rig, `${run}:smoke:run:2`, 'success');
    await carryOut(rig, `${run}:tell:run:1`, 'success');
    expect(await rig.reaches(run, 'succeeded')).toMatchObject({ attempt: 2, retried: { by: 'alice', from: 'failed' } });
    expect(await sentOf(run)).toEqual(['deploy:run:1', 'smoke:run:1', 'smoke:run:2', 'tell:run:1']);
    expect(await ledger()).toEqual({ [run]: 'good' });
    const snapshots = await rig.snapshots(run);
    expect(snapshots.map(({ version }) => version)).toEqual(snapshots.map((_, at) => at + 1));
    expect(await rig.ask('router.retry', { run, by: 'alice' })).toMatchObject({ status: 409, detail: 'the run has succeeded: there is nothing to retry' });
    expect(await rig.ask('router.retry', { run: '00000000-0000-8000-8000-000000000000', by: 'alice' })).toMatchObject({ status: 404 });
  });

  it('hears what a platform told of an UNKNOWN step after the run had ended', async () => {
    const run = await begin('3', 'pair');
    const lost = await rig.command(`${run}:lost:run:1`);
    await rig.answer(lost, 'unknown', { reason: 'timed out' });
    await carryOut(rig, `${run}:other:run:1`, 'failure');
    expect(await rig.reaches(run, 'failed')).toMatchObject({ steps: [{ state: 'unknown' }, { state: 'failed' }] });
    await rig.pipeline('found-late', 'finished', { outcome: 'success', correlation: lost.id });
    await rig.quiet();
    expect(await rig.ask('router.retry', { run, by: 'alice' })).toMatchObject({ status: 202 });
    await carryOut(rig, `${run}:other:run:2`, 'success');
    expect(await rig.reaches(run, 'succeeded')).toMatchObject({ steps: [{ state: 'succeeded', attempts: [{ run: { id: 'found-late' } }] }, { state: 'succeeded' }] });
    expect(await sentOf(run)).toEqual(['lost:run:1', 'other:run:1', 'other:run:2']);
  });
});

describe('a rollback of a run that has succeeded', () => {
  it('says what it would do, does it once though ordered twice, and what it undid is returned to no more', async () => {
    const good = await life('4', 'success', 'success', 'success');
    const bad = await life('5', 'success', 'success', 'success');
    expect(await rig.ask('router.rollback', { run: bad, by: 'alice', dryRun: true })).toMatchObject({ ok: true, status: 200, plan: { cancels: [], steps: [
      { step: 'tell', undo: false, reason: 'it has no rollback' }, { step: 'smoke', undo: false },
      { step: 'deploy', undo: true, environment: 'production', uses: 'gitlab/trigger-pipeline', with: { inputs: { version: '4'.repeat(40) } } },
    ] } });
    expect(await rig.ask('router.rollback', { run: good, by: 'alice', dryRun: false })).toMatchObject({ status: 409, detail: expect.stringContaining(`superseded: run ${bad}`) });
    expect(await twice('router.rollback', { run: bad, by: 'alice', dryRun: false })).toMatchObject([{ status: 202, detail: 'the run is rolling-back' }, { status: 409 }]);
    expect((await ledger())[bad]).toBe('entered');
    await carryOut(rig, `${bad}:deploy:rollback:1`, 'success');
    expect(await rig.reaches(bad, 'rolled-back')).toMatchObject({ rollbacks: 1, reason: 'rollback ordered by alice' });
    expect(await ledger()).toMatchObject({ [good]: 'good', [bad]: 'reverted' });
    expect(await rig.ask('router.rollback', { run: bad, by: 'alice', dryRun: false })).toMatchObject({ status: 409, detail: expect.stringContaining('rolled back already') });
    // What was rolled back is no newer deployment that would stand in the way.
    expect(await rig.ask('router.rollback', { run: good, by: 'alice', dryRun: true })).toMatchObject({ plan: { steps: [{}, {}, { undo: true, with: { inputs: { version: '1'.repeat(40) } } }] } });
  });
});

describe('an order that kills its router', () => {
  it('did nothing before the commit, and is carried out once after it; a rollback can be cancelled, and ordered again', async () => {
    const [failed, good] = [await life('6', 'success', 'failure'), await life('7', 'success', 'success', 'success')];
    await Promise.all(routers.map((router) => router.stop()));
    await diesOf('router.order-planned', 'router.retry', { run: failed, by: 'alice' });
    expect((await rig.snapshots(failed)).at(-1)).toMatchObject({ state: 'failed', attempt: 1 });
    await diesOf('router.order-committed', 'router.retry', { run: failed, by: 'alice' });
    await diesOf('router.order-committed', 'router.rollback', { run: good, by: 'alice', dryRun: false });
    await rig.start();

    await rig.command(`${failed}:smoke:run:2`);
    expect(await rig.ask('router.retry', { run: failed, by: 'alice' })).toMatchObject({ status: 409, detail: expect.stringContaining('only a run that has ended') });
    await carryOut(rig, `${failed}:smoke:run:2`, 'failure');
    await waitFor(async () => (await rig.snapshots(failed)).some(({ state, attempt }) => state === 'failed' && attempt === 2), { what: 'the second end' });
    expect(await sentOf(failed)).toEqual(['deploy:run:1', 'smoke:run:1', 'smoke:run:2']);

    const first = await rig.command(`${good}:deploy:rollback:1`);
    await rig.answer(first, 'accepted', { id: 'slow' });
    await rig.quiet();
    expect(await rig.ask('router.cancel', { run: good, by: 'bob' })).toMatchObject({ status: 202 });
    expect((await rig.command(`${good}:deploy:cancel:1`)).data).toMatchObject({ cancels: first.id, platformRun: 'slow' });
    await rig.reaches(good, 'cancelled');
    expect(await rig.ask('router.rollback', { run: good, by: 'alice', dryRun: false })).toMatchObject({ status: 202 });
    await carryOut(rig, `${good}:deploy:rollback:2`, 'success');
    await rig.reaches(good, 'rolled-back');
    expect((await ledger())[good]).toBe('reverted');
    expect((await sentOf(good)).filter((id) => id.includes('rollback'))).toEqual(['deploy:rollback:1', 'deploy:rollback:2']);
  }, 200_000);
});
