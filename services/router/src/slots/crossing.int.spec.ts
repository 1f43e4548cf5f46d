import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@stellwerk/testing';
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
  environment('a'), environment('b'),
  flow('forth', GROUP, deploys('a1') + deploys('b1', 'a1')),
  flow('back', GROUP, deploys('b1') + deploys('a1', 'b1')),
  flow('both', 'concurrency: { group: all, limit: 1 }', deploys('a1') + deploys('b1') + deploys('a2', 'a1, b1')),
  flow('free', '', deploys('b1') + deploys('a1')),
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
