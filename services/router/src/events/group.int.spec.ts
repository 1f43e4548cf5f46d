import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

const flow = (more: string): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: line }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/shop }]
  report: []
  steps:
    go: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main${more} } }
`;

let rig: RouterRig;

beforeAll(async () => { rig = await startRouterRig(flow('')); }, 180_000);

afterAll(() => rig?.stop());

/** Transactions in which runs were started: whatever else was committed meanwhile, and how long it took, does not count. */
const transactions = async (): Promise<number> =>
  (await rig.database.query<{ count: number }>('SELECT count(DISTINCT xmin::text)::int FROM run_history WHERE number = 0')).rows[0]!.count;

describe('events that come at once', () => {
  it('are routed together: far fewer transactions than events', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, at) => rig.github(`many-${at}`)));
    const router = await rig.start();
    await rig.quiet();
    await router.stop();
    expect(await rig.runs()).toHaveLength(200);
    expect(await rig.commands()).toHaveLength(200);
    expect(await transactions()).toBeLessThan(100);
  }, 180_000);

  it('one that fails fails alone', async () => {
    const first = await rig.start();
    await rig.github('bad');
    const bad = await waitFor(async () => (await rig.runs())[200], { what: 'the run' });
    const asked = await rig.command(`${bad.id}:go:run:1`);
    await rig.quiet();
    await first.stop();
    // What the run was started with cannot be read any more; the flow itself is another by now.
    const { rows: kept } = await rig.database.query('SELECT revision, content FROM flow_revisions');
    await rig.database.query("UPDATE flow_revisions SET content = '{}'");
    await rig.configure(flow(', inputs: { now: "1" }'));
    await Promise.all([rig.github('good-1'), rig.answer(asked, 'accepted', { id: 'p1' }), rig.github('good-2')]);
    const router = await rig.start();
    await waitFor(async () => (await rig.runs()).length === 203, { what: 'the others', timeoutMs: 30_000 });
    await waitFor(() => router.output().includes('message.retried'), { what: 'the bad one to be retried' });
    // A run is there before its command is sent.
    await waitFor(async () => (await rig.commands()).length === 203, { what: 'the commands of the others' });
    expect((await rig.snapshots(bad.id)).map(({ state }) => state)).toEqual(['running']);
    // Without it nobody could say what the runs should be, which the end of the rig asks.
    for (const { revision, content } of kept) await rig.database.query('UPDATE flow_revisions SET content = $2 WHERE revision = $1', [revision, JSON.stringify(content)]);
  }, 180_000);
});
