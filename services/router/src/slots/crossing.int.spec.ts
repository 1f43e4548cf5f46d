import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@stellwerk/testing';
import { carryOut } from '../../test/carry-out.js';
import { allOver, deadlocks, drive, lastTold, overfull } from '../../test/drive.js';
import { startRouterRig, type RouterRig, type Sent } from '../../test/router-rig.js';

const environment = (name: string): string => `---\napiVersion: stellwerk.dev/v1\nkind: Environment\nmetadata: { name: ${name} }\nspec: { concurrency: 1 }\n`;

const GO = 'uses: gitlab/trigger-pipeline, with: { project: any, ref: main }';

/** A step that deploys there, is tried twice, and can be undone. */
const deploys = (name: string, needs = ''): string =>
  `\n    ${name}: { environment: ${name.slice(0, 1)}, ${needs && `needs: [${needs}], `}${GO}, retry: { attempts: 2, on: [failure], backoff: 10ms }, rollback: { ${GO} } }`;

const flow = (name: string, group: string, steps: string): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on: [{ event: pipelinerun.finished, repository: acme/${name} }]
  report: []
  ${group}
  on-failure: rollback
  steps:${steps}
`;

const GROUP = 'concurrency: { group: all, limit: 2 }';

/** Groups and environments in orders that cross: who has one waits for the other, which somebody has who waits for the first. */
const FLOWS = [
  environment('a'), environment('b'), environment('c'), environment('d'),
  flow('forth', GROUP, deploys('a1') + deploys('b1', 'a1')),
  flow('back', GROUP, deploys('b1') + deploys('a1', 'b1')),
  flow('both', 'concurrency: { group: all, limit: 1 }', deploys('a1') + deploys('b1') + deploys('a2', 'a1, b1')),
  flow('free', '', deploys('b1') + deploys('a1')),
  flow('pair', '', deploys('c1') + deploys('d1')),
].join('');

const NAMES = ['forth', 'back', 'both', 'free'] as const;
const RUNS = 20;

let rig: RouterRig;

beforeAll(async () => {
  rig = await startRouterRig(FLOWS);
  await Promise.all([rig.start(), rig.start()]);
}, 180_000);

afterAll(() => rig?.stop());

/** Two of five attempts fail, always the same ones; what is rolled back succeeds. */
const outcomeOf = ({ data: { purpose }, id }: Sent): 'success' | 'failure' =>
  (purpose === 'run' && createHash('sha256').update(id).digest()[0]! % 5 < 2 ? 'failure' : 'success');

/** People who meddle: they cancel one that waits, retry one that has failed, roll one back that had succeeded, so often. */
const meddler = () => {
  const left = { 'router.cancel': 4, 'router.retry': 4, 'router.rollback': 4 };
  const states = { 'router.cancel': ['queued', 'waiting'], 'router.retry': ['failed', 'rolled-back', 'cancelled'], 'router.rollback': ['succeeded'] };
  const order = async (pattern: keyof typeof left): Promise<void> => {
    const run = (await rig.runs()).find(({ state }) => states[pattern].includes(state));
    if (left[pattern] === 0 || !run) return;
    const { ok } = await rig.ask<{ ok: boolean }>(pattern, { run: run.id, by: 'alice', dryRun: false });
    if (ok) left[pattern] -= 1;
  };
  const meddle = async (): Promise<void> => { for (const pattern of ['router.cancel', 'router.retry', 'router.rollback'] as const) await order(pattern); };
  return { left, meddle };
};

describe('runs whose groups and environments cross, with two routers', () => {
  it('all come to their end, whatever fails, is retried, rolled back, ordered or cancelled in between; nothing waits in a circle', async () => {
    await Promise.all(Array.from({ length: RUNS }, (_, n) => rig.github(`cross-${n}`, { repository: `acme/${NAMES[n % NAMES.length]}` })));
    await waitFor(async () => (await rig.runs()).length === RUNS, { what: `${RUNS} runs` });
    const overfullSeen: unknown[] = [];
    const { left, meddle } = meddler();
    const sent = await drive(rig, () => allOver(rig, RUNS), outcomeOf, async () => {
      overfullSeen.push(...await overfull(rig, { a: 1, b: 1, all: 2 }));
      await meddle();
    });
    expect(overfullSeen).toEqual([]);
    expect(await deadlocks(rig)).toBe(0);
    expect((await rig.database.query('SELECT FROM slots')).rowCount).toBe(0);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length);
    // Else nothing would have crossed.
    expect(Object.values(left).every((count) => count < 4)).toBe(true);
    expect(sent.filter(({ data }) => data.purpose === 'rollback').length).toBeGreaterThan(0);
    expect((await lastTold(rig)).map(({ state }) => state)).toEqual(expect.arrayContaining(['succeeded', 'rolled-back']));
  }, 150_000);
});

/** What a transaction has locked that waits for a lock of this type; [] when none waits. Its own number is nobody else's. */
const heldByWaiting = async (locktype: string): Promise<string[][]> => {
  const { rows } = await rig.database.query<{ held: string[] }>(
    `SELECT array_agg(held.locktype::text) AS held FROM pg_locks waiting JOIN pg_locks held ON held.pid = waiting.pid AND held.granted
     JOIN pg_stat_activity backend ON backend.pid = waiting.pid AND backend.datname = current_database()
     WHERE NOT waiting.granted AND waiting.locktype = $1 GROUP BY waiting.pid`, [locktype]);
  return rows.map(({ held }) => held);
};

/** As another replica in the middle of a transaction. */
const holding = async (sql: string, values: unknown[], work: () => Promise<void>): Promise<void> => {
  const other = await rig.database.connect();
  try {
    await other.query('BEGIN');
    await other.query(sql, values);
    await work();
    await other.query('COMMIT');
  } finally {
    other.release();
  }
};

const begin = async (nth: number): Promise<string> => {
  await rig.github(`pair-${nth}`, { repository: 'acme/pair' });
  return (await waitFor(async () => { const runs = await rig.runs('pair'); return runs.length === nth && runs; }, { what: `${nth} runs` })).at(-1)!.id;
};

const places = async (run: string): Promise<string[]> =>
  (await rig.database.query<{ key: string }>('SELECT key FROM slots WHERE run = $1 AND held ORDER BY key', [run])).rows.map(({ key }) => key);

describe('the rules by which no circle can come about', () => {
  it('whoever holds runs does not wait for a slot, and whoever waits for one holds nothing', async () => {
    let run = '';
    await holding("SELECT pg_advisory_xact_lock(hashtextextended('slot:environment d', 0))", [], async () => {
      run = await begin(1);
      await rig.command(`${run}:c1:run:1`);
      const waiting = await waitFor(async () => { const found = await heldByWaiting('advisory'); return found.length > 0 && found; }, { what: 'a router to wait for the slot' });
      expect(waiting.flat().filter((locktype) => locktype !== 'virtualxid')).toEqual([]);
      expect(await places(run)).toEqual(['c']);
    });
    await carryOut(rig, `${run}:d1:run:1`);
    await carryOut(rig, `${run}:c1:run:1`);
    await rig.reaches(run, 'succeeded');
  });

  it('whoever has a slot does not wait for a run: it is looked at again', async () => {
    const [first, second] = [await begin(2), await begin(3)];
    await rig.reaches(second, 'waiting');
    await holding('SELECT FROM runs WHERE id = $1 FOR UPDATE', [second], async () => {
      for (const step of ['c1', 'd1']) await carryOut(rig, `${first}:${step}:run:1`);
      await rig.reaches(first, 'succeeded');
      await waitFor(async () => (await heldByWaiting('transactionid')).length === 0, { what: 'nobody to wait for the run' });
      expect(await places(second)).toEqual([]);
    });
    for (const step of ['c1', 'd1']) await carryOut(rig, `${second}:${step}:run:1`);
    await rig.reaches(second, 'succeeded');
    expect(await deadlocks(rig)).toBe(0);
  });
});
