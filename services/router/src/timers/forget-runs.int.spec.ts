import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { carryOut } from '../../test/carry-out.js';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

const flow = (name: string, steps: string): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/${name} }]
  env: { version: "\${{ event.sha }}" }
  report: []
  steps:${steps}
`;

const GO = 'uses: gitlab/trigger-pipeline, with: { project: any, ref: main }';
const BACK = 'rollback: { uses: gitlab/trigger-pipeline, with: { project: any, ref: "${{ environment.lastGood.env.version }}" } }';

const FLOWS = [
  'apiVersion: stellwerk.dev/v1\nkind: Environment\nmetadata: { name: production }\nspec: { branches: [main] }\n',
  flow('ships', `\n    ask: { approve: { by: [alice] } }\n    deploy: { needs: [ask], environment: production, ${GO}, ${BACK} }`),
  flow('waits', `\n    build: { ${GO} }\n    scan: { needs: [build], wait: { event: pipelinerun.finished, from: github, repository: acme/scan, key: "\${{ event.sha }}" } }`),
  flow('tags', '\n    tag: { wait: { event: tag.created, from: github } }'),
].join('');

let rig: RouterRig;

beforeAll(async () => { rig = await startRouterRig(FLOWS); }, 180_000);

afterAll(() => rig?.stop());

const versionOf = (n: number): string => String(n).repeat(40);

const begin = async (name: string, n: number): Promise<string> => {
  const before = new Set((await rig.runs(name)).map(({ id }) => id));
  await rig.github(`${name}-${n}`, { repository: `acme/${name}`, sha: versionOf(n) });
  return waitFor(async () => (await rig.runs(name)).find(({ id }) => !before.has(id))?.id, { what: `a run of ${name}` });
};

const ship = async (n: number): Promise<string> => {
  const run = await begin('ships', n);
  await rig.reaches(run, 'waiting');
  expect(await rig.ask('router.approve', { approval: `${run}:ask:approval:1`, decision: 'approve', by: 'alice', teams: [] })).toMatchObject({ status: 202 });
  await carryOut(rig, `${run}:deploy:run:1`);
  await rig.reaches(run, 'succeeded');
  return run;
};

/** A failed run: its scan was never waited for to the end. */
const failing = async (n: number): Promise<string> => {
  const run = await begin('waits', n);
  await carryOut(rig, `${run}:build:run:1`, 'failure');
  await rig.reaches(run, 'failed');
  return run;
};

/** These runs were 91 days earlier; so was the history of those of `also`. */
const age = async (runs: readonly string[], also: readonly string[]): Promise<void> => {
  const earlier = "interval '91 days'";
  const guarded = ['run_history', 'approval_votes'];
  for (const table of guarded) await rig.database.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  for (const sql of [
    `UPDATE runs SET created_at = created_at - ${earlier}, finished_at = finished_at - ${earlier} WHERE id = ANY($1)`,
    `UPDATE deployments SET deployed_at = deployed_at - ${earlier} WHERE run = ANY($1)`,
    `UPDATE approval_votes SET voted_at = voted_at - ${earlier} FROM approvals WHERE approvals.id = approval AND run = ANY($1)`,
  ]) await rig.database.query(sql, [runs]);
  await rig.database.query(`UPDATE run_history SET at = at - ${earlier} WHERE run = ANY($1)`, [also]);
  await rig.database.query(`UPDATE awaited_keys SET wanted_at = wanted_at - ${earlier}`);
  for (const table of guarded) await rig.database.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
};

const idsIn = async (table: string): Promise<string[]> =>
  (await rig.database.query(`SELECT DISTINCT run::text FROM ${table} ORDER BY 1`)).rows.map(({ run }) => run);

const templates = async (): Promise<string[]> => (await rig.database.query('SELECT type FROM awaited_keys ORDER BY type')).rows.map(({ type }) => type);

/** More than one batch of runs that nobody needs, as the router would have left them. */
const manyOldRuns = async (count: number): Promise<void> => {
  await rig.database.query(
    `INSERT INTO runs (id, flow, revision, state, version, chain, fact, document, created_at, finished_at)
     SELECT md5('old-' || n)::uuid, flow, revision, 'succeeded', 1, '{}', 'old-' || n, '{}', now() - interval '100 days', now() - interval '99 days'
     FROM generate_series(1, $1) AS n, (SELECT flow, revision FROM flow_revisions LIMIT 1) AS any_flow`, [count]);
  await rig.database.query(
    `INSERT INTO commands (id, run, purpose, connection, origin, state) SELECT 'old-' || n, md5('old-' || n)::uuid, 'run', 'gitlab', 'x', 'accepted' FROM generate_series(1, $1) AS n`, [count]);
  await rig.database.query(
    `INSERT INTO run_history (run, number, version, state, at, cause, news) SELECT md5('old-' || n)::uuid, 0, 1, 'succeeded', now() - interval '99 days', 'x', '{}' FROM generate_series(1, $1) AS n`, [count]);
};

it('a router deletes runs that ended more than 90 days ago with all that is theirs, but for what a rollback may need; nothing younger', async () => {
  const first = await rig.start();
  const shipped: string[] = [];
  for (const n of [1, 2, 3, 4, 5]) shipped.push(await ship(n));
  const [young, told, failed] = [await failing(6), await failing(7), await failing(8)];
  // It waits for longer than runs are kept, and is still to hear what it waits for.
  const waiting = await begin('tags', 9);
  await rig.quiet();
  expect(await templates()).toEqual(['pipelinerun.finished', 'tag.created']);
  await first.stop();
  const gone = [shipped[0]!, shipped[1]!, failed];
  await age([...shipped.slice(0, 4), told, failed, waiting], gone);
  await manyOldRuns(1_200);

  await Promise.all([rig.start(), rig.start()]);
  // The two newest old deployments stay: the last good version of today, and the one before it. `told` heard something within 90 days.
  const stay = [...shipped.slice(2), young, told, waiting].sort();
  await waitFor(async () => (await rig.runs()).length === stay.length, { what: 'old runs to be gone', timeoutMs: 30_000 });
  expect((await rig.runs()).map(({ id }) => id).sort()).toEqual(stay);
  expect(await idsIn('commands')).toEqual(stay.filter((run) => run !== waiting));
  expect(await idsIn('run_history')).toEqual(stay);
  const ships = shipped.slice(2).sort();
  expect([await idsIn('approvals'), await idsIn('deployments')]).toEqual([ships, ships]);
  await waitFor(async () => (await templates()).join() === 'tag.created', { what: 'the template that no run waits by to be gone' });

  for (const [pattern, more] of [['router.retry', {}], ['router.rollback', { dryRun: false }], ['router.rollback', { dryRun: true }], ['router.cancel', {}]] as const) {
    expect(await rig.ask(pattern, { run: gone[0], by: 'alice', ...more })).toEqual({
      ok: false, status: 404, detail: `there is no run ${gone[0]} to be found: either it never was, or it is too old (runs are deleted 90 days after their end)`,
    });
  }
  expect(await rig.ask('router.rollback', { run: shipped[4], by: 'alice', dryRun: false })).toMatchObject({ ok: true });
  expect((await rig.command(`${shipped[4]}:deploy:rollback:1`)).data.with).toMatchObject({ ref: versionOf(4) });

  expect(await rig.ask('router.retry', { run: young, by: 'alice' })).toMatchObject({ ok: true });
  expect(await templates()).toEqual(['pipelinerun.finished', 'tag.created']);
  await carryOut(rig, `${young}:build:run:2`);
  await rig.reaches(young, 'waiting');
  await rig.github('scan', { repository: 'acme/scan', sha: versionOf(6) });
  await rig.reaches(young, 'succeeded');
}, 180_000);
