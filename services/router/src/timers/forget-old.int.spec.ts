import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, it } from 'vitest';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

let rig: RouterRig;

beforeAll(async () => {
  rig = await startRouterRig(`
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: any }
spec:
  on: [{ event: pipelinerun.finished, from: github }]
  steps:
    go: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
`);
}, 180_000);

afterAll(() => rig?.stop());

it('a router deletes keys and states of more than 90 days, in batches, and nothing younger', async () => {
  const old = "now() - interval '91 days'";
  await rig.database.query(`INSERT INTO inbox (consumer, message_id, taken_at) SELECT 'router-events', 'old-' || n, ${old} FROM generate_series(1, 12000) AS n`);
  await rig.database.query(`INSERT INTO platform_runs (key, seen_at) SELECT 'old-' || n, ${old} FROM generate_series(1, 6000) AS n`);
  await rig.database.query("INSERT INTO inbox (consumer, message_id, taken_at) VALUES ('router-events', 'young', now() - interval '89 days')");
  await rig.database.query("INSERT INTO platform_runs (key, seen_at) VALUES ('young', now() - interval '89 days')");
  await rig.start();
  await waitFor(async () => {
    const { rows } = await rig.database.query('SELECT (SELECT count(*) FROM inbox)::int AS keys, (SELECT count(*) FROM platform_runs)::int AS states');
    return rows[0].keys === 1 && rows[0].states === 1;
  }, { what: 'only what is young to be left' });
});
