import { startRig, type Rig } from '@stellwerk/connector-kit/conformance';
import { CANCEL_ACTION } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { subject } from '../spec/subject.js';

const PAST = 20_000;
let rig: Rig;
let client: pg.Client;

beforeAll(async () => {
  rig = await startRig(subject);
  client = new pg.Client(rig.databaseUrl);
  await client.connect();
  await client.query('SET search_path = github_connector');
  await rig.configure([{ name: 'c' }]);
  // Started with empty tables, so that its statements are planned on them.
  await rig.startConnector();
  await rig.outcome(await rig.send('c'), 'trigger.accepted');
  await client.query(
    `INSERT INTO dispatches (command_id, run_id, step, purpose, n, connection, action, command, lane, state, next_attempt_at, run_key)
     SELECT 'past-' || i, 'past-' || i, 's', 'run', 1, 'c', 'dispatch-workflow', '{}', 'c|acme/shop|deploy.yml|main', 'TRIGGERED', NULL, 'past-' || i FROM generate_series(1, $1) i`, [PAST]);
  await client.query(
    `INSERT INTO watched_runs (run_key, command_id, our_run_id, connection, repository, platform_run_id, attempt, ended_at, spanned_at)
     SELECT 'past-' || i, 'past-' || i, 'r', 'c', 'acme/shop', i::text, 1, now(), now() FROM generate_series(1, $1) i`, [PAST]);
}, 300_000);
afterAll(async () => {
  await client?.end();
  await rig?.close();
});

/**
 * Rows of the large tables that were read by going through all, and readings by index, as far as the connector has told the server.
 * Rows, not readings: those of the time when the tables were empty may be told late.
 */
const scans = async () => {
  const { rows } = await client.query<{ whole: string; indexed: string }>(
    "SELECT sum(seq_tup_read) AS whole, sum(idx_scan) AS indexed FROM pg_stat_user_tables WHERE schemaname = 'github_connector' AND relname IN ('dispatches', 'watched_runs')");
  return { whole: Number(rows[0]!.whole), indexed: Number(rows[0]!.indexed) };
};

/** A backend tells what it did a second later, and one that rests after ten: two looks further apart than that show the same. */
const settled = async () => {
  let before = await scans();
  return waitFor(async () => {
    const now = await scans();
    const still = now.indexed > before.indexed && now.whole === before.whole;
    before = now;
    return still && now;
  }, { timeoutMs: 60_000, everyMs: 12_000, what: 'statistics' });
};

it('reads no large table whole, whatever a command comes to', async () => {
  const before = await settled();
  rig.platform.faults.add({ kind: 'reset-after', method: 'POST', path: subject.triggerPath });
  const found = await rig.send('c');
  await rig.followed(found, 'pipelinerun.finished');
  rig.platform.outcomes.next(subject.outcomeKey, ['never']);
  const endless = await rig.send('c', { n: 2 }, `${crypto.randomUUID()}:step:run:2`);
  await rig.outcome(endless, 'trigger.accepted');
  await rig.send('c', { action: CANCEL_ACTION, purpose: 'cancel', with: {}, await: false, cancels: endless.id }, endless.id.replace(':run:2', ':cancel:1'));
  await rig.followed(endless, 'pipelinerun.finished');
  await rig.resend(endless);
  const plain = await Promise.all([1, 2, 3].map(async () => rig.send('c', { with: subject.worksWithoutCarrier })));
  await Promise.all(plain.map((one) => rig.outcome(one, 'trigger.accepted')));
  expect((await settled()).whole - before.whole).toBeLessThan(PAST);
}, 180_000);
