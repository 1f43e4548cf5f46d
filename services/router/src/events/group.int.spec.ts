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

const commits = async (): Promise<number> =>
  Number((await rig.database.query("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")).rows[0].xact_commit);

describe('events that come at once', () => {
  it('are routed together: fewer commits than events', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, at) => rig.github(`many-${at}`)));
    const before = await commits();
    const router = await rig.start();
    await rig.quiet();
    await router.stop();
    // Backends tell the statistics when they end.
    const after = await waitFor(async () => { const now = await commits(); return now > before && now; }, { what: 'the statistics' });
    expect(await rig.runs()).toHaveLength(200);
    expect(await rig.commands()).toHaveLength(200);
    expect(after - before).toBeLessThan(150);
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
    expect((await rig.commands()).length).toBe(203);
    expect((await rig.snapshots(bad.id)).map(({ state }) => state)).toEqual(['running']);
    // Without it nobody could say what the runs should be, which the end of the rig asks.
    for (const { revision, content } of kept) await rig.database.query('UPDATE flow_revisions SET content = $2 WHERE revision = $1', [revision, JSON.stringify(content)]);
  }, 180_000);
});
