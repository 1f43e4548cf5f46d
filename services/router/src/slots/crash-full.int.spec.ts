import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carryOut } from '../../test/carry-out.js';
import { diesOf } from '../../test/dies-of.js';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';
import { concurrency, slotFlow } from '../../test/slot-flows.js';

let rig: RouterRig;

beforeAll(async () => {
  rig = await startRouterRig([slotFlow('cancels', concurrency('cancel-running')), slotFlow('replaces', concurrency('replace-queued'))].join('\n'));
}, 180_000);

afterAll(() => rig?.stop());

const BEFORE = 'router.slot-before-commit';
const AFTER = 'router.slot-after-commit';

const begin = async (flow: string, nth: number): Promise<void> => {
  await rig.github(`${flow}-${nth}`, { repository: `acme/${flow}` });
  await waitFor(async () => (await ids(flow)).length === nth, { what: `${nth} runs of ${flow}` });
};

const ids = async (flow: string): Promise<string[]> => (await rig.runs(flow)).map(({ id }) => id);

const holders = async (flow: string): Promise<string[]> =>
  (await rig.database.query<{ run: string }>('SELECT run FROM slots JOIN runs ON runs.id = slots.run WHERE held AND flow = $1', [flow])).rows.map(({ run }) => run);

/** A router begins what the others find, and is no more. One run of each flow is at work at its platform; another waits to be replaced. */
const beginOlder = async (): Promise<{ cancelled: string; first: string; replaced: string }> => {
  const router = await rig.start();
  for (const flow of ['cancels', 'replaces']) {
    await begin(flow, 1);
    await rig.answer(await rig.command(`${(await ids(flow))[0]}:go:run:1`), 'accepted', { id: `${flow}-long` });
  }
  await begin('replaces', 2);
  await rig.quiet();
  await router.stop();
  await rig.deserted();
  const [[cancelled], [first, replaced]] = [await ids('cancels'), await ids('replaces')];
  return { cancelled: cancelled!, first: first!, replaced: replaced! };
};

const states = async (flow: string): Promise<string[]> => (await rig.runs(flow)).map(({ state }) => state);

/** Each version was told, and these commands were sent, once. */
const isWhole = async (run: string, sent: string[]): Promise<void> => {
  const versions = (await rig.snapshots(run)).map(({ version }) => version);
  expect(versions).toEqual(versions.map((_, at) => at + 1));
  expect((await rig.commands({ run })).map(({ id }) => id.slice(run.length + 1))).toEqual(sent);
};

describe('routers that are killed while a newer run takes the place of an older one', () => {
  it('before it is done, after it, and when the place is given: the older one ends once, the newer one has its turn once', async () => {
    const { cancelled, first, replaced } = await beginOlder();

    await diesOf(rig, BEFORE, () => rig.github('cancels-2', { repository: 'acme/cancels' }));
    expect([await states('cancels'), await holders('cancels')]).toEqual([['running', 'queued'], [cancelled]]);
    await diesOf(rig, AFTER);
    expect([await states('cancels'), await holders('cancels')]).toEqual([['cancelled', 'queued'], []]);
    await diesOf(rig, AFTER);
    const newest = (await ids('cancels'))[1]!;
    expect(await holders('cancels')).toEqual([newest]);

    await diesOf(rig, BEFORE, () => rig.github('replaces-3', { repository: 'acme/replaces' }));
    expect(await states('replaces')).toEqual(['running', 'queued', 'queued']);
    await diesOf(rig, AFTER);
    expect([await states('replaces'), await holders('replaces')]).toEqual([['running', 'cancelled', 'queued'], [first]]);
    const newer = (await ids('replaces'))[2]!;

    await rig.start();
    await carryOut(rig, `${newest}:go:run:1`);
    await rig.pipeline('replaces-long', 'finished', { outcome: 'success' });
    await carryOut(rig, `${newer}:go:run:1`);
    for (const run of [first, newer, newest]) await rig.reaches(run, 'succeeded');
    expect(await rig.reaches(cancelled, 'cancelled')).toMatchObject({ reason: `cancelled by run ${newest}, which is newer in group "main"` });
    expect((await rig.command(`${cancelled}:go:cancel:1`)).data).toMatchObject({ platformRun: 'cancels-long' });
    const gone = await rig.reaches(replaced, 'cancelled');
    expect(gone).toMatchObject({ reason: `replaced by run ${newer}, which is newer in group "main"`, steps: [{ state: 'cancelled' }] });
    expect(gone.startedAt).toBeUndefined();
    await isWhole(cancelled, ['go:run:1', 'go:cancel:1']);
    await isWhole(replaced, []);
    for (const run of [first, newer, newest]) await isWhole(run, ['go:run:1']);
    expect((await rig.database.query('SELECT FROM slots')).rowCount).toBe(0);
  }, 240_000);
});
