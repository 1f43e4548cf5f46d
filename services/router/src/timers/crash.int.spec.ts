import { jetstream } from '@nats-io/jetstream';
import type { ApprovalChanged, JoinMissing } from '@stellwerk/contracts';
import { connectNats } from '@stellwerk/messaging';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carryOut } from '../../test/carry-out.js';
import { diesOf } from '../../test/dies-of.js';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';
import { toldBy } from '../../test/told-by.js';

const GO = 'uses: gitlab/trigger-pipeline, with: { project: any, ref: main }';

const flow = (name: string, steps: string, on = `{ event: pipelinerun.finished, repository: acme/${name} }`): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on: [${on}]
  report: []
  on-failure: rollback
  steps:${steps}
`;

const join = (name: string, missing: string): string =>
  flow(name, `\n    go: { ${GO} }`, `{ all: { a: { from: github, repository: acme/${name} }, b: { from: jenkins } }, key: "\${{ event.sha }}", within: 1h, missing: ${missing} }`);

const FLOWS = [
  flow('pauses', `\n    pause: { wait: 1h }\n    go: { needs: [pause], ${GO} }`),
  flow('asks', '\n    ask: { approve: { by: alice, within: 1h } }'),
  flow('retries', `\n    go: { ${GO}, retry: { attempts: 2, on: [failure], backoff: 1h } }`),
  flow('slow', `\n    go: { ${GO}, timeout: 1h }`),
  flow('undoes', `\n    deploy: { ${GO}, rollback: { ${GO} } }\n    smoke: { needs: [deploy], ${GO} }`),
  join('lenient', 'start'), join('strict', 'notify'),
].join('');

let rig: RouterRig;

beforeAll(async () => { rig = await startRouterRig(FLOWS); }, 180_000);

afterAll(() => rig?.stop());

const begin = async (name: string, id = name): Promise<string> => {
  const before = (await rig.runs(name)).length;
  await rig.github(id, { repository: `acme/${name}` });
  return (await waitFor(async () => { const runs = await rig.runs(name); return runs.length > before && runs; }, { what: `a run of ${name}` })).at(-1)!.id;
};

/** While a router lives, which is killed then. */
const whole = async <T>(work: () => Promise<T>): Promise<T> => {
  const router = await rig.start();
  const result = await work();
  await rig.quiet();
  router.child.kill('SIGKILL');
  await router.exited;
  await rig.deserted();
  return result;
};

const sentOf = async (run: string): Promise<string[]> => (await rig.commands({ run })).map(({ id }) => id.slice(run.length + 1));

const isWhole = async (run: string): Promise<void> => {
  const versions = (await rig.snapshots(run)).map(({ version }) => version);
  expect(versions).toEqual(versions.map((_, at) => at + 1));
};

/** An hour goes by: the clocks of runs are over, and the rounds of joins; not the time of the flows. Nobody is there to see it. */
const anHourGoesBy = async (): Promise<void> => {
  const { rowCount: clocks } = await rig.database.query("UPDATE timers SET due_at = now() WHERE key <> 'flow:timeout'");
  const { rowCount: rounds } = await rig.database.query(
    "UPDATE joins SET due_at = now(), document = jsonb_set(document::jsonb, '{endsAt}', to_jsonb(to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')))::json WHERE state = 'open'");
  expect([clocks, rounds]).toEqual([4, 2]);
};

/** A run of each, up to the clock that it waits for; two joins of which a part is missing. */
const untilTheirClocks = () => whole(async () => {
  const [pauses, asks, retries, slow] = [await begin('pauses'), await begin('asks'), await begin('retries'), await begin('slow')];
  await carryOut(rig, `${retries}:go:run:1`, 'failure');
  await rig.answer(await rig.command(`${slow}:go:run:1`), 'accepted', { id: 'slow' });
  for (const name of ['lenient', 'strict']) await rig.github(name, { repository: `acme/${name}`, sha: name });
  return { pauses, asks, retries, slow };
});

describe('routers that are killed by clocks: before the commit, after it, and when a round of a join ends', () => {
  it('let each clock strike once', async () => {
    const { pauses, asks, retries, slow } = await untilTheirClocks();
    await anHourGoesBy();
    await diesOf(rig, 'router.timer-before-commit');
    for (const run of [pauses, asks]) expect(await rig.runs()).toContainEqual(expect.objectContaining({ id: run, state: 'waiting' }));
    await diesOf(rig, 'router.timer-after-commit');
    expect(await rig.runs('asks')).toMatchObject([{ state: 'failed' }]);
    await diesOf(rig, 'router.join-after-commit');
    await whole(async () => {
      for (const command of [`${pauses}:go:run:1`, `${retries}:go:run:2`]) await carryOut(rig, command);
      for (const run of [pauses, retries]) await rig.reaches(run, 'succeeded');
      await rig.command(`${slow}:go:cancel:1`);
      await carryOut(rig, `${await rig.soleRun('lenient')}:go:run:1`);
      await rig.reaches(await rig.soleRun('lenient'), 'succeeded');
    });
    expect(await rig.reaches(slow, 'failed')).toMatchObject({ steps: [{ outcome: 'timeout' }] });
    expect([await sentOf(pauses), await sentOf(asks), await sentOf(retries), await sentOf(slow)]).toEqual([['go:run:1'], [], ['go:run:1', 'go:run:2'], ['go:run:1', 'go:cancel:1']]);
    for (const run of [pauses, asks, retries, slow]) await isWhole(run);
    const own = (await rig.stream<ApprovalChanged & JoinMissing>('EVENTS')).filter(({ source }) => source === '/services/router');
    expect(own.filter(({ subject }) => subject.startsWith(`${asks}:ask:approval`)).map(({ data }) => data.approval.state)).toEqual(['requested', 'expired']);
    expect(own.filter(({ type }) => type.includes('join.missing')).map(({ data }) => data.flow)).toEqual(['strict']);
  }, 240_000);
});

describe('a clock that struck while no router was there', () => {
  it('ends nothing that ended in time, however late that is heard; a pause between tries is over at its time', async () => {
    const [slow, retries] = await whole(async () => {
      const runs = [await begin('slow', 'slow-2'), await begin('retries', 'retries-2')] as const;
      await rig.answer(await rig.command(`${runs[0]}:go:run:1`), 'accepted', { id: 'slow-2' });
      await carryOut(rig, `${runs[1]}:go:run:1`, 'failure');
      return runs;
    });
    await toldBy(rig, { platform: 'gitlab', repository: 'any', id: 'slow-2' });
    await rig.database.query("UPDATE timers SET due_at = now() + interval '1 second' WHERE run = ANY($1) AND key <> 'flow:timeout'", [[slow, retries]]);
    // As a router that died over it: the end is nobody's until its ack is overdue.
    const connection = await connectNats('dead', rig.nats.url);
    const held = (await (await jetstream(connection).consumers.get('EVENTS', 'router-events')).next())!;
    await whole(async () => {
      await rig.command(`${retries}:go:run:2`);
      expect((await rig.runs('slow')).find(({ id }) => id === slow)?.state).toBe('running');
      held.nak();
      await rig.reaches(slow, 'succeeded');
      await carryOut(rig, `${retries}:go:run:2`);
      await rig.reaches(retries, 'succeeded');
    });
    await connection.close();
    expect(await sentOf(slow)).toEqual(['go:run:1']);
  }, 240_000);
});

describe('routers that are killed by the failure after which a run rolls back', () => {
  it('roll it back once, whether they die before the commit, after it, or before the ack', async () => {
    const points = ['router.before-commit', 'router.after-commit', 'router.before-ack'];
    const runs = await whole(async () => {
      const begun = [];
      for (const point of points) {
        const run = await begin('undoes', point);
        await carryOut(rig, `${run}:deploy:run:1`);
        await rig.answer(await rig.command(`${run}:smoke:run:1`), 'accepted', { id: `smoke-${point}` });
        begun.push(run);
      }
      return begun;
    });
    const fails = (point: string): Promise<void> => rig.pipeline(`smoke-${point}`, 'finished', { outcome: 'failure' });
    for (const point of points) await diesOf(rig, point, () => fails(point));
    await rig.start();
    // What the dead ones held comes again when its ack is overdue; a poll that tells it once more is as good, and sooner.
    for (const point of points) await fails(point);
    for (const run of runs) {
      await carryOut(rig, `${run}:deploy:rollback:1`);
      await rig.reaches(run, 'rolled-back');
      expect(await sentOf(run)).toEqual(['deploy:run:1', 'smoke:run:1', 'deploy:rollback:1']);
      await isWhole(run);
    }
  }, 240_000);
});
