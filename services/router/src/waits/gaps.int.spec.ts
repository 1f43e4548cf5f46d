import { waitFor } from '@stellwerk/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

const WAIT = 'wait: { event: pipelinerun.finished, from: github, repository: acme/scan, outcome: success, key: "${{ event.sha }}" }';

const FLOWS = `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: waits }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/waits }]
  report: []
  steps:
    scan: { ${WAIT} }
    go: { needs: [scan], uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
`;

let rig: RouterRig;

beforeAll(async () => { rig = await startRouterRig(FLOWS); }, 180_000);
afterAll(() => rig?.stop());
afterEach(async () => { for (const router of alive.splice(0)) await router.stop(); });

const alive: { stop(): Promise<void> }[] = [];
const lives = async (): Promise<void> => void alive.push(await rig.start());

const begins = (sha: string): Promise<void> => rig.github(`waits-${sha}`, { repository: 'acme/waits', sha });
const scanned = (sha: string): Promise<void> => rig.github(`scan-${sha}`, { repository: 'acme/scan', sha });
/** One a test: the first, the second, the third. */
const nthRun = (n: number) => waitFor(async () => (await rig.runs('waits'))[n - 1]?.id, { what: `run ${n}`, timeoutMs: 60_000 });
const gaps = async (): Promise<number> => (await rig.database.query('SELECT 1 FROM wait_gaps')).rows.length;

/** A router takes what starts the run, and dies of it. */
const dies = async (failpoint: string, sha: string): Promise<void> => {
  const router = await rig.start(failpoint);
  await begins(sha);
  expect((await router.exited).signal).toBe('SIGKILL');
  await rig.deserted();
};

/** As if another router had handled it while nobody knew of the run. */
const handledBefore = async (sha: string): Promise<void> => {
  await rig.database.query("INSERT INTO inbox (consumer, message_id) VALUES ('router-events', $1)", [`github:scan-${sha}:pipelinerun.finished`]);
  await scanned(sha);
};

describe('an event that comes while what starts its run is in the hands of a dead router', () => {
  it('counts, though it is handled long before the run is there', async () => {
    const sha = '1'.repeat(40);
    await dies('router.before-commit', sha);
    await scanned(sha);
    // It gets the newer event at once, and the older one when its ack is overdue.
    await lives();
    const run = await nthRun(1);
    await rig.command(`${run}:go:run:1`);
    expect((await rig.commands({ run })).map(({ id }) => id)).toEqual([`${run}:go:run:1`]);
    expect(await waitFor(async () => (await gaps()) === 0, { what: 'the gap to be closed' })).toBe(true);
  }, 120_000);

  it('counts when the router that began the run died before it had looked', async () => {
    const sha = '2'.repeat(40);
    await dies('router.after-commit', sha);
    expect(await gaps()).toBe(1);
    await handledBefore(sha);
    await lives();
    await rig.command(`${await nthRun(2)}:go:run:1`);
    expect(await waitFor(async () => (await gaps()) === 0, { what: 'the gap to be closed' })).toBe(true);
  }, 120_000);

  it('does not count when it came before what starts the run', async () => {
    const sha = '3'.repeat(40);
    await lives();
    await scanned(sha);
    await begins(sha);
    const run = await nthRun(3);
    await rig.reaches(run, 'waiting');
    await waitFor(async () => (await gaps()) === 0, { what: 'the gap to be closed' });
    expect(await rig.commands({ run })).toEqual([]);
  }, 120_000);
});
