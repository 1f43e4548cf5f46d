import { faultsOfHistories, waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carryOut } from '../../test/carry-out.js';
import { startRouterRig, type RouterProcess, type RouterRig } from '../../test/router-rig.js';

const FLOW = `
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: any }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/shop }]
  report: []
  steps:
    one: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
    two: { needs: [one], uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: asks }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/asks }]
  report: []
  steps:
    scan: { wait: { event: pipelinerun.finished, from: github, repository: acme/scan } }
    ask: { needs: [scan], approve: { by: [alice] } }
`;

let rig: RouterRig;
let router: RouterProcess;

beforeAll(async () => {
  rig = await startRouterRig(FLOW);
  router = await rig.start();
}, 180_000);

// Its end makes every run of this file anew from its history.
afterAll(() => rig?.stop());

let started = 0;

const begin = async (): Promise<string> => {
  const before = new Set((await rig.runs()).map(({ id }) => id));
  await rig.github(`h-${started += 1}`);
  return waitFor(async () => (await rig.runs()).find(({ id }) => !before.has(id))?.id, { what: 'the run' });
};

const historyOf = async (run: string): Promise<Record<string, unknown>[]> =>
  (await rig.database.query('SELECT number, version, state, cause, news, read FROM run_history WHERE run = $1 ORDER BY number', [run])).rows;

const faults = () => faultsOfHistories(async (sql, values) => (await rig.database.query(sql, values)).rows);

describe('the history of a run', () => {
  it('has one row for each change, with what led to it, and what it is in the end follows from them', async () => {
    const run = await begin();
    await carryOut(rig, `${run}:one:run:1`);
    await rig.answer(await rig.command(`${run}:two:run:1`), 'unknown', { reason: 'timed out' });
    await rig.reaches(run, 'waiting');
    expect(await rig.ask('router.resolve', { run, step: 'two', ran: false, by: 'alice' })).toMatchObject({ ok: true });
    await carryOut(rig, `${run}:two:run:2`);
    await rig.reaches(run, 'succeeded');
    const rows = await historyOf(run);
    expect(rows.map(({ number, cause, state }) => [number, cause, state])).toEqual([
      [0, 'github:h-1:pipelinerun.finished', 'running'], [1, `${run}:one:run:1:accepted`, 'running'], [2, expect.stringContaining('gitlab:poll:'), 'running'],
      [3, `${run}:two:run:1:unknown`, 'waiting'], [4, `${run}:order:resolve`, 'running'],
      [5, `${run}:two:run:2:accepted`, 'running'], [6, expect.stringContaining('gitlab:poll:'), 'succeeded'],
    ]);
    expect(rows[4]).toMatchObject({ news: { kind: 'moved', inputs: [{ kind: 'resolve', step: 'two', ran: false, by: 'alice' }] } });
    expect(await faults()).toEqual([]);
  });

  it('takes whatever people and platforms say', async () => {
    await rig.github('asks', { repository: 'acme/asks' });
    const run = await rig.soleRun('asks');
    await rig.github('scan', { repository: 'acme/scan', title: 'half \ud800 a letter' });
    await waitFor(async () => (await rig.snapshots(run)).at(-1)?.steps[1]!.approval, { what: 'the question' });
    expect(await rig.ask('router.approve', { approval: `${run}:ask:approval:1`, decision: 'approve', by: 'alice', teams: [], comment: 'half \ud800 and \0' })).toMatchObject({ ok: true });
    await rig.reaches(run, 'succeeded');
    expect(JSON.stringify((await historyOf(run)).map(({ news }) => news))).toMatch(/half \\ud800 a letter.*half \\ud800 and \\u0000/);
    expect(await faults()).toEqual([]);
  });

  it('is not changed, thinned out or begun anew by anybody', async () => {
    const run = await begin();
    await rig.command(`${run}:one:run:1`);
    const before = await historyOf(run);
    for (const sql of ["UPDATE run_history SET cause = 'eve'", 'DELETE FROM run_history', 'TRUNCATE run_history']) {
      await expect(rig.database.query(sql)).rejects.toThrow(/the history of runs is append-only: \w+ refused/);
    }
    await expect(rig.database.query('INSERT INTO run_history SELECT * FROM run_history')).rejects.toThrow(/run_history_pkey/);
    expect(await historyOf(run)).toEqual(before);
  });

  it('shows a row that somebody changed past the router, even where nobody sees it', async () => {
    const run = await begin();
    await rig.command(`${run}:one:run:1`);
    const { rows: [{ document }] } = await rig.database.query('SELECT document FROM runs WHERE id = $1', [run]);
    const write = (to: unknown): Promise<unknown> => rig.database.query('UPDATE runs SET document = $2 WHERE id = $1', [run, JSON.stringify(to)]);
    await write({ ...document, reportsSent: 7 });
    expect(await faults()).toEqual([{ run, faults: ['reportsSent is 7, by its history 0'] }]);
    await write(document);
    expect(await faults()).toEqual([]);
  });
});

describe('a run from before there was a history', () => {
  it('is said to have none, and has one from its next move on', async () => {
    const run = await begin();
    await rig.command(`${run}:one:run:1`);
    await rig.quiet();
    await rig.database.query('ALTER TABLE run_history DISABLE TRIGGER USER');
    await rig.database.query('DELETE FROM run_history WHERE run = $1', [run]);
    await rig.database.query('ALTER TABLE run_history ENABLE TRIGGER USER');
    await rig.database.query("UPDATE runs SET document = (document::jsonb - 'history')::json WHERE id = $1", [run]);
    expect(await faults()).toEqual([{ run, faults: [expect.stringContaining('it has no history: it began under a version that kept none')] }]);
    await carryOut(rig, `${run}:one:run:1`);
    await rig.command(`${run}:two:run:1`);
    expect((await historyOf(run)).map(({ number, news }) => [number, (news as { kind: string }).kind])).toEqual([[0, 'found'], [1, 'moved'], [2, 'moved']]);
    expect(await faults()).toEqual([]);
  });
});

describe('a move that no table has', () => {
  const attempt = (run: string, state: string): Promise<unknown> => rig.database.query(
    "UPDATE runs SET document = jsonb_set(document::jsonb, '{steps,0,run,attempts,0,state}', to_jsonb($2::text))::json WHERE id = $1", [run, state]);

  it('is refused and told; its event is neither lost nor in the way of others, and counts when the fault is mended', async () => {
    const [run, other] = [await begin(), await begin()];
    const [command, second] = [await rig.command(`${run}:one:run:1`), await rig.command(`${other}:one:run:1`)];
    // An attempt never waits: only a fault of the router could write that.
    await attempt(run, 'waiting');
    const before = await historyOf(run);
    await rig.answer(command, 'accepted', { id: command.id });
    await waitFor(() => router.output().includes('run.move-refused'), { what: 'the refusal to be told' });
    const told = router.output().split('\n').find((line) => line.includes('run.move-refused'))!;
    expect(JSON.parse(told)).toMatchObject({ run, flow: 'any', cause: `${command.id}:accepted`, machine: 'attempt', from: 'waiting', to: 'running' });
    await carryOut(rig, second);
    await rig.command(`${other}:two:run:1`);
    expect(await historyOf(run)).toEqual(before);
    await attempt(run, 'triggering');
    await rig.quiet();
    expect((await historyOf(run)).at(-1)).toMatchObject({ number: before.length, cause: `${command.id}:accepted` });
  });
});
