import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@stellwerk/testing';
import { startRouterRig, type RouterProcess, type RouterRig, type Sent } from '../../test/router-rig.js';
import { carryOut } from '../../test/carry-out.js';
import { concurrency, slotFlow } from '../../test/slot-flows.js';

const PRODUCTION = 'apiVersion: stellwerk.dev/v1\nkind: Environment\nmetadata: { name: production }\nspec: { concurrency: 1 }\n';

let rig: RouterRig;

beforeAll(async () => {
  rig = await startRouterRig([PRODUCTION, slotFlow('group', concurrency('queue')), slotFlow('deploys', '', ', environment: production')].join('\n'));
}, 180_000);

afterAll(() => rig?.stop());

const died = async (router: RouterProcess): Promise<void> => {
  const { signal } = await router.exited;
  if (signal !== 'SIGKILL') throw new Error(`the router did not die of its failpoint:\n${router.output()}`);
  await rig.deserted();
};

/** The command of the run whose turn is the nth one. */
const turn = (flow: string, nth: number): Promise<Sent> =>
  waitFor(async () => (await rig.commands({ purpose: 'run', flow }))[nth - 1], { what: `turn ${nth} of ${flow}` });

const begin = async (flow: string, count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) await rig.github(`${flow}-${n}`, { repository: `acme/${flow}` });
  await waitFor(async () => (await rig.runs(flow)).length === count, { what: `${count} runs of ${flow}` });
};

describe('a router that is killed when a place has come free', () => {
  it('leaves it to the next one: each run has its turn, once, and says so', async () => {
    const first = await rig.start('router.slot-before-commit');
    await begin('deploys', 2);
    await begin('group', 3);
    await carryOut(rig, await turn('deploys', 1));
    await died(first);
    // Its first is the place that the one before did not get to give.
    const second = await rig.start('router.slot-after-commit@2');
    const deploy = await turn('deploys', 2);
    await carryOut(rig, await turn('deploys', 1));
    await carryOut(rig, await turn('group', 1));
    await died(second);
    const between = await rig.start();
    await rig.answer(await turn('group', 2), 'accepted', { id: 'long' });
    await waitFor(async () => (await rig.snapshots((await turn('group', 2)).data.run)).at(-1)?.steps[0]?.state === 'running', { what: 'the second of the group to run' });
    await between.stop();
    const third = await rig.start('router.after-commit');
    await rig.pipeline('long', 'finished', { outcome: 'success' });
    await died(third);
    await rig.start();
    // What the dead ones had not acked would come again by itself, in a minute.
    await carryOut(rig, deploy);
    await carryOut(rig, await turn('group', 1));
    await rig.pipeline('long', 'finished', { outcome: 'success' });
    await carryOut(rig, await turn('group', 3));
    await waitFor(async () => (await rig.runs()).every(({ state }) => state === 'succeeded'), { what: 'all to succeed' });
    expect((await rig.commands({ purpose: 'run' })).map(({ data }) => data.flow).sort()).toEqual(['deploys', 'deploys', 'group', 'group', 'group']);
    expect((await rig.database.query('SELECT 1 FROM slots')).rows).toEqual([]);
    for (const { id } of await rig.runs()) {
      const versions = (await rig.snapshots(id)).map(({ version }) => version);
      expect(versions).toEqual(versions.map((_, index) => index + 1));
    }
  }, 240_000);
});
