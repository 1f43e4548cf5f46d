import type { RunSnapshot } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';
import { carryOut } from '../../test/carry-out.js';
import { carryOutAll, concurrency, slotFlow } from '../../test/slot-flows.js';

const PRODUCTION = 'apiVersion: stellwerk.dev/v1\nkind: Environment\nmetadata: { name: production }\nspec: { concurrency: 1 }\n';
const DEPLOYS = ', environment: production';

const FLOWS = [
  PRODUCTION, slotFlow('lines', concurrency('queue')), slotFlow('replaces', concurrency('replace-queued')), slotFlow('cancels', concurrency('cancel-running')),
  slotFlow('drops', concurrency('drop')), slotFlow('broken', '  concurrency: { group: "${{ event.tag }}" }'), slotFlow('shop', '', DEPLOYS), slotFlow('blog', '', DEPLOYS), slotFlow('tick', '', DEPLOYS), slotFlow('tock', '', DEPLOYS),
  slotFlow('storm', concurrency('queue', 2)),
].join('\n');

let rig: RouterRig;

beforeAll(async () => {
  rig = await startRouterRig(FLOWS);
  await Promise.all([rig.start(), rig.start()]);
}, 180_000);

afterAll(() => rig?.stop());

const begin = async (flow: string): Promise<string> => {
  const before = (await rig.runs(flow)).length;
  await rig.github(`${flow}-${before}`, { repository: `acme/${flow}` });
  return (await waitFor(async () => { const found = await rig.runs(flow); return found.length > before && found; }, { what: `a run of ${flow}` })).at(-1)!.id;
};

const finish = async (run: string): Promise<RunSnapshot> => {
  await carryOut(rig, await rig.command(`${run}:go:run:1`));
  return rig.reaches(run, 'succeeded');
};

describe('a full group', () => {
  it('queue: the next one waits, begins when its turn comes, and may be cancelled before', async () => {
    const [first, second, third] = [await begin('lines'), await begin('lines'), await begin('lines')];
    expect(await rig.reaches(second, 'queued')).toMatchObject({ reason: `group "main" is full: run ${first} is in it`, version: 1, steps: [{ state: 'pending' }] });
    expect((await rig.reaches(second, 'queued')).startedAt).toBeUndefined();
    await rig.reaches(third, 'queued');
    const { rows } = await rig.database.query('SELECT count(*)::int AS clocks FROM timers WHERE run = ANY($1)', [[second, third]]);
    expect(rows).toEqual([{ clocks: 0 }]);
    await finish(first);
    expect((await rig.reaches(second, 'running')).startedAt).toBeDefined();
    await waitFor(async () => (await rig.snapshots(third)).at(-1)!.reason?.includes(second), { what: 'the third to hear who is in the group now' });
    expect(await rig.ask('router.cancel', { run: third, by: 'alice' })).toMatchObject({ ok: true, status: 202 });
    expect((await rig.reaches(third, 'cancelled')).startedAt).toBeUndefined();
    await finish(second);
    expect(await rig.commands({ run: third })).toEqual([]);
  });

  it('replace-queued: the newest takes the place of the one that waits', async () => {
    const [first, second, third] = [await begin('replaces'), await begin('replaces'), await begin('replaces')];
    expect(await rig.reaches(second, 'cancelled')).toMatchObject({ reason: `replaced by run ${third}, which is newer in group "main"` });
    await finish(first);
    await finish(third);
  });

  it('cancel-running: the running one is cancelled at its platform, and makes room', async () => {
    const first = await begin('cancels');
    await rig.answer(await rig.command(`${first}:go:run:1`), 'accepted', { id: 'displaced' });
    await rig.quiet();
    const second = await begin('cancels');
    expect(await rig.reaches(first, 'cancelled')).toMatchObject({ reason: `cancelled by run ${second}, which is newer in group "main"` });
    expect((await rig.command(`${first}:go:cancel:1`)).data).toMatchObject({ platformRun: 'displaced' });
    await finish(second);
  });

  it('drop: the run is recorded, and never began', async () => {
    const [first, second] = [await begin('drops'), await begin('drops')];
    expect(await rig.reaches(second, 'cancelled')).toMatchObject({ reason: `dropped: group "main" is full: run ${first} is in it` });
    await finish(first);
    expect(await rig.commands({ run: second })).toEqual([]);
  });

  it('that cannot be named fails the run with the message', async () => {
    expect((await rig.reaches(await begin('broken'), 'failed')).reason).toMatch(/^concurrency: /);
  });
});

describe('an environment that takes one deployment', () => {
  it('lets that of another flow wait, and take its turn', async () => {
    const shop = await begin('shop');
    await rig.command(`${shop}:go:run:1`);
    const blog = await begin('blog');
    const waits = await rig.reaches(blog, 'waiting');
    expect(waits.steps[0]).toMatchObject({ state: 'waiting', reason: `environment production is taken: step go of run ${shop} (shop) is deploying there`, attempts: [] });
    await finish(shop);
    await finish(blog);
  });

  it('takes more as soon as it may', async () => {
    const first = await begin('shop');
    await rig.command(`${first}:go:run:1`);
    const second = await begin('shop');
    await rig.reaches(second, 'waiting');
    await rig.configure(FLOWS.replace('spec: { concurrency: 1 }', 'spec: { concurrency: 2 }'));
    await rig.command(`${second}:go:run:1`);
    await Promise.all([finish(first), finish(second)]);
    await rig.configure(FLOWS);
  });

  it('never takes two, whoever comes at once', async () => {
    const flows = ['tick', 'tock'];
    await Promise.all(Array.from({ length: 8 }, (_, n) => rig.github(`turn-${n}`, { repository: `acme/${flows[n % 2]}` })));
    expect(await carryOutAll(rig, flows, 8)).toBe(1);
    await waitFor(async () => (await rig.database.query('SELECT 1 FROM slots')).rows.length === 0, { what: 'all places to be free' });
  }, 150_000);
});

describe('a group of two, three routers, and one of them killed', () => {
  it('never has three in it, and everybody gets its turn once', async () => {
    const count = 10;
    const start = (): Promise<unknown> => Promise.all(Array.from({ length: count }, (_, n) => rig.github(`storm-${n}`, { repository: 'acme/storm' })));
    await start();
    const victim = await rig.start();
    let isKilled = false;
    const most = await carryOutAll(rig, ['storm'], count, async (told) => {
      if (isKilled || told.length < 4) return;
      isKilled = true;
      victim.child.kill('SIGKILL');
      await victim.exited;
      // What it had in its hands would come again by itself, but not soon.
      await Promise.all([start(), ...told.map((one) => carryOut(rig, one))]);
    });
    expect(isKilled).toBe(true);
    expect(most).toBeLessThanOrEqual(2);
    await waitFor(async () => (await rig.runs('storm')).filter(({ state }) => state === 'succeeded').length === count, { what: 'all to succeed', timeoutMs: 40_000 });
    expect(await rig.runs('storm')).toHaveLength(count);
    expect((await rig.database.query('SELECT 1 FROM slots')).rows).toEqual([]);
  }, 180_000);
});
