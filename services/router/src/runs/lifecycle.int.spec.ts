import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@stellwerk/testing';
import { carryOut } from '../../test/carry-out.js';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

const flow = (name: string, steps: string, more = ''): string => `
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on: [{ event: pipelinerun.finished, repository: acme/${name} }]
  env: { version: "\${{ event.sha }}" }
  report: []${more}
  steps:${steps}
`;

const DEPLOY = `
    deploy:
      environment: production
      uses: gitlab/trigger-pipeline
      with: { project: any, ref: main, inputs: { version: "\${{ env.version }}" } }
      rollback:
        uses: gitlab/trigger-pipeline
        with: { project: any, ref: main, inputs: { version: "\${{ environment.lastGood.env.version }}" } }
    smoke:
      needs: [deploy]
      uses: jenkins/start-build
      with: { job: smoke }`;

const ONE = '\n    one: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main }, timeout: 1h, retry: { attempts: 2, on: [failure, timeout], backoff: 1s, max: 1s } }';
const PLAIN = '\n    one: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }';

const FLOWS = [
  `apiVersion: stellwerk.dev/v1\nkind: Environment\nmetadata: { name: production }\nspec: { branches: [main] }`,
  flow('deploys', DEPLOY, '\n  on-failure: rollback'), flow('repeats', ONE), flow('orders', PLAIN),
].join('\n');

let rig: RouterRig;

beforeAll(async () => {
  rig = await startRouterRig(FLOWS);
  await Promise.all([rig.start(), rig.start()]);
}, 180_000);

afterAll(() => rig?.stop());

let started = 0;

const begin = async (name: string, more: Parameters<RouterRig['github']>[1] = {}): Promise<string> => {
  const before = (await rig.runs(name)).length;
  await rig.github(`${name}-${started += 1}`, { repository: `acme/${name}`, ...more });
  const runs = await waitFor(async () => { const found = await rig.runs(name); return found.length > before && found; }, { what: `a run of ${name}` });
  return runs.at(-1)!.id;
};

describe('a deployment', () => {
  it('that fails returns to the last one whose whole run was good', async () => {
    const good = await begin('deploys', { sha: '1'.repeat(40) });
    await carryOut(rig, `${good}:deploy:run:1`, 'success');
    await carryOut(rig, `${good}:smoke:run:1`, 'success');
    await rig.reaches(good, 'succeeded');
    const bad = await begin('deploys', { sha: '2'.repeat(40) });
    await carryOut(rig, `${bad}:deploy:run:1`, 'success');
    await carryOut(rig, `${bad}:smoke:run:1`, 'failure');
    const rollback = await rig.command(`${bad}:deploy:rollback:1`);
    expect(rollback.data.with).toMatchObject({ inputs: { version: '1'.repeat(40) } });
    await carryOut(rig, rollback.id, 'success');
    expect(await rig.reaches(bad, 'rolled-back')).toMatchObject({ steps: [{ name: 'deploy', rollback: { state: 'succeeded' } }, { name: 'smoke', state: 'failed' }] });
    const { rows } = await rig.database.query('SELECT run, state FROM deployments ORDER BY deployed_at');
    expect(rows).toEqual([{ run: good, state: 'good' }, { run: bad, state: 'reverted' }]);
  });

  it('from a branch the environment does not take is refused', async () => {
    const run = await begin('deploys', { branch: 'feature/x' });
    expect((await rig.reaches(run, 'failed')).reason).toContain('environment production takes only main');
    expect(await rig.commands({ run })).toEqual([]);
  });
});

describe('attempts', () => {
  it('are repeated after a failure, and after a timeout that is cancelled at the platform', async () => {
    const run = await begin('repeats');
    await carryOut(rig, `${run}:one:run:1`, 'failure');
    const second = await rig.command(`${run}:one:run:2`);
    await rig.answer(second, 'accepted', { id: 'slow' });
    await rig.quiet();
    // An hour goes by.
    expect((await rig.database.query("UPDATE timers SET due_at = now() WHERE run = $1 AND key = 'one:run:2:timeout'", [run])).rowCount).toBe(1);
    expect((await rig.command(`${run}:one:cancel:1`)).data).toMatchObject({ action: 'cancel-run', cancels: second.id, platformRun: 'slow' });
    const end = await rig.reaches(run, 'failed');
    expect(end.steps[0]!.attempts).toMatchObject([{ number: 1, outcome: 'failure' }, { number: 2, outcome: 'timeout' }]);
    expect(await rig.commands({ run, purpose: 'run' })).toHaveLength(2);
  });
});

describe('a flow that changes while a run of it lives', () => {
  const edited = (steps: string): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: edited }
spec:
  on:${steps}`;
  const first = edited(`
    - { event: pipelinerun.finished, repository: acme/edited }
  report: []
  steps:
    old: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
    oldest: { needs: [old], uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
`);
  const second = edited(`
    - { event: pipelinerun.finished, repository: acme/edited, outcome: failure }
    - { event: pipelinerun.finished, repository: acme/edited }
  report: []
  steps:
    new: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
`);

  it('is handled as it was when the run started, even when it is gone; no fact starts it again', async () => {
    await rig.configure(`${FLOWS}\n${first}`);
    const run = await begin('edited');
    await rig.command(`${run}:old:run:1`);
    await rig.configure(`${FLOWS}\n${second}`);
    await rig.github(`edited-${started}`, { repository: 'acme/edited', delivery: 'again' });
    await carryOut(rig, `${run}:old:run:1`, 'success');
    await rig.configure(FLOWS);
    await carryOut(rig, `${run}:oldest:run:1`, 'success');
    expect((await rig.reaches(run, 'succeeded')).steps.map(({ name }) => name)).toEqual(['old', 'oldest']);
    expect(await rig.runs('edited')).toHaveLength(1);
  });
});

describe('orders', () => {
  it('cancel ends the run and cancels at the platform', async () => {
    const run = await begin('orders');
    await rig.answer(await rig.command(`${run}:one:run:1`), 'accepted', { id: 'c1' });
    await rig.quiet();
    expect(await rig.ask('router.cancel', { run, by: 'alice' })).toMatchObject({ ok: true, status: 202 });
    expect(await rig.reaches(run, 'cancelled')).toMatchObject({ reason: 'cancelled by alice', steps: [{ state: 'cancelled' }] });
    expect((await rig.command(`${run}:one:cancel:1`)).data).toMatchObject({ platformRun: 'c1' });
    expect(await rig.ask('router.cancel', { run, by: 'alice' })).toMatchObject({ ok: false, status: 409 });
    for (const id of ['nothing', '00000000-0000-8000-8000-000000000000']) expect(await rig.ask('router.cancel', { run: id, by: 'alice' })).toMatchObject({ ok: false, status: 404 });
  });

  it('resolve settles an UNKNOWN: it ran', async () => {
    const run = await begin('orders');
    await rig.answer(await rig.command(`${run}:one:run:1`), 'unknown', { reason: 'timed out' });
    await rig.reaches(run, 'waiting');
    expect(await rig.ask('router.resolve', { run, step: 'one', ran: true, platformRun: 'r1', by: 'alice' })).toMatchObject({ status: 202 });
    const follow = await rig.command(`${run}:one:run:2`);
    expect(follow.data).toMatchObject({ action: 'follow-run', with: { command: `${run}:one:run:1`, run: 'r1' } });
    await carryOut(rig, follow.id, 'success');
    await rig.reaches(run, 'succeeded');
  });

  it('resolve settles an UNKNOWN: it did not run', async () => {
    const run = await begin('orders');
    await rig.answer(await rig.command(`${run}:one:run:1`), 'unknown', { reason: 'timed out' });
    await rig.reaches(run, 'waiting');
    expect(await rig.ask('router.resolve', { run, step: 'one', ran: false, by: 'alice' })).toMatchObject({ status: 202 });
    await carryOut(rig, `${run}:one:run:2`, 'success');
    expect((await rig.reaches(run, 'succeeded')).steps[0]!.attempts).toHaveLength(1);
    expect(await rig.ask('router.resolve', { run, step: 'one', ran: false, by: 'alice' })).toMatchObject({ status: 409 });
  });
});
