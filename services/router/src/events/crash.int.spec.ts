import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

const FLOWS = `
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: line }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/shop }]
  steps:
    a: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
    b: { needs: [a], uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
`;

let rig: RouterRig;

beforeAll(async () => { rig = await startRouterRig(FLOWS); }, 180_000);

afterAll(() => rig?.stop());

const whole = async <T>(work: () => Promise<T>): Promise<T> => {
  const router = await rig.start();
  try {
    return await work();
  } finally {
    await router.stop();
  }
};

let told = 0;

/** A router takes this news and dies of it; then it is delivered again, to one that lives. */
const dies = async (failpoint: string, news: () => Promise<void>): Promise<void> => {
  const router = await rig.start(failpoint);
  await news();
  const { signal } = await router.exited;
  if (signal !== 'SIGKILL') throw new Error(`the router did not die of ${failpoint}:\n${router.output()}`);
  await rig.deserted();
  await news();
  told += 1;
  await whole(() => rig.taken(told));
};

/** Every kind of news kills a router once; the next one goes on. */
const journey = async (failpoint: string): Promise<string> => {
  const before = (await rig.runs()).length;
  await dies(failpoint, () => rig.github(failpoint));
  const run = (await rig.runs())[before]!.id;
  const first = await rig.command(`${run}:a:run:1`);
  await dies(failpoint, () => rig.answer(first, 'accepted', { id: `${failpoint}-a` }));
  await dies(failpoint, () => rig.pipeline(`${failpoint}-a`, 'finished', { outcome: 'success' }));
  const second = await rig.command(`${run}:b:run:1`);
  await rig.answer(second, 'accepted', { id: `${failpoint}-b` });
  await rig.pipeline(`${failpoint}-b`, 'finished', { outcome: 'success' });
  told += 2;
  await whole(() => rig.taken(told));
  return run;
};

describe('a router killed before its commit, after it, and before its ack', () => {
  it('loses nothing and does nothing twice', async () => {
    const runs: string[] = [];
    for (const failpoint of ['router.before-commit', 'router.after-commit', 'router.before-ack']) runs.push(await journey(failpoint));
    await rig.start();
    // What the dead ones held comes again when its ack is overdue (60 s): only then is the end proven.
    await rig.quiet(120_000);
    expect((await rig.runs()).map(({ id }) => id).sort()).toEqual([...runs].sort());
    for (const run of runs) {
      const sent = (await rig.commands({ run })).map(({ id }) => id.slice(run.length + 1)).sort();
      expect(sent).toEqual(['a:run:1', 'b:run:1', 'report:report:1']);
      const snapshots = await rig.snapshots(run);
      expect(snapshots.map(({ version }) => version)).toEqual(snapshots.map((_, index) => index + 1));
      expect(snapshots.at(-1)!.state).toBe('succeeded');
    }
  }, 400_000);
});
