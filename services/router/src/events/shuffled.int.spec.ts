import type { Outcome } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRouterRig, type RouterRig, type Sent } from '../../test/router-rig.js';

const FLOWS = `
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: diamond }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/shop }]
  report: []
  steps:
    a: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
    b: { needs: [a], uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
    c: { needs: [a], uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
    d: { needs: [b, c], uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
`;

const RUNS = 30;

let rig: RouterRig;

beforeAll(async () => {
  rig = await startRouterRig(FLOWS);
  await Promise.all([rig.start(), rig.start()]);
}, 180_000);

afterAll(() => rig?.stop());

const shuffled = <T>(list: readonly T[]): T[] => list.map((value) => [Math.random(), value] as const).sort(([a], [b]) => a - b).map(([, value]) => value);

/** Every third run fails at `c`. */
const outcomeOf = ({ data }: Sent, runs: readonly string[]): Outcome => (data.step === 'c' && runs.indexOf(data.run) % 3 === 0 ? 'failure' : 'success');

it('two routers under events that come at once, shuffled and doubled, end every run right and send each command once', async () => {
  await Promise.all(shuffled(Array.from({ length: RUNS * 2 }, (_, index) => index % RUNS)).map((id) => rig.github(`s${id}`, { delivery: `${id}-${Math.random()}` })));
  const runs = (await waitFor(async () => { const found = await rig.runs(); return found.length === RUNS && found; }, { what: 'all runs', timeoutMs: 30_000 })).map(({ id }) => id);
  const answered = new Set<string>();
  await waitFor(async () => {
    for (const sent of (await rig.commands()).filter(({ id }) => !answered.has(id))) {
      answered.add(sent.id);
      const outcome = outcomeOf(sent, runs);
      const news = [
        () => rig.answer(sent, 'accepted', { id: sent.id }), () => rig.pipeline(sent.id, 'started'), () => rig.pipeline(sent.id, 'finished', { outcome }),
      ];
      await Promise.all(shuffled([...news, ...news]).map((tell) => tell()));
    }
    return (await rig.runs()).every(({ state }) => state === 'succeeded' || state === 'failed');
  }, { what: 'every run to end', timeoutMs: 60_000 });
  await rig.quiet();
  for (const [index, run] of runs.entries()) {
    const snapshots = await rig.snapshots(run);
    expect(snapshots.map(({ version }) => version)).toEqual(snapshots.map((_, version) => version + 1));
    expect(snapshots.at(-1)).toMatchObject({ state: index % 3 === 0 ? 'failed' : 'succeeded' });
  }
  const ids = (await rig.commands()).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const { rows } = await rig.database.query('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()');
  expect(rows).toEqual([{ deadlocks: '0' }]);
  expect(ids).toHaveLength(runs.reduce((sum, _, index) => sum + (index % 3 === 0 ? 3 : 4), 0));
}, 150_000);
