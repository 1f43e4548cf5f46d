import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import type { JoinMissing } from '@stellwerk/contracts';
import { Metrics } from '@stellwerk/service-kit';
import { startPagerdutySimulator, type PagerdutyAlert, type RunningPagerdutySimulator } from '@stellwerk/simulators';
import { tempDir } from '@stellwerk/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { channelSuite } from '../../test/channel-suite.js';
import { startNotifier } from '../../test/notifier-rig.js';
import { prepareWorld, toldRun, type NotifierWorld } from '../../test/notifier-world.js';
import { channel, CONNECTION, flow } from '../../test/resources.js';

const ROUTING_KEY = 'R0UT1NGKEY'.repeat(4).slice(0, 32);

// That a pager is asked to be quiet is left aside: all that it is promised, it is promised all the same.
const RESOURCES = `${CONNECTION}${channel('pager', 'pagerduty', ', routingKey: { env: TEST_ROUTING_KEY }, severity: critical, quiet: { same: 10m, digest: 1h }')}
${flow('to-pager', 'pager', 'failed, rolled-back, missing, recovered, succeeded')}
`.replace(/---\s*$/, '');

let world: NotifierWorld;
let notifier: INestApplication;
let pagerduty: RunningPagerdutySimulator;
let dir: Awaited<ReturnType<typeof tempDir>>;

beforeAll(async () => {
  dir = await tempDir('pagerduty');
  pagerduty = await startPagerdutySimulator({ journalFile: join(dir.path, 'pagerduty.jsonl'), routingKey: ROUTING_KEY });
  world = await prepareWorld({ resources: RESOURCES, env: { TEST_PAGER: pagerduty.eventsUrl, TEST_ROUTING_KEY: ROUTING_KEY } });
  notifier = await startNotifier(world.env, new Metrics());
}, 180_000);

afterEach(() => pagerduty.faults.clear());

afterAll(async () => {
  await notifier?.close();
  await world?.stop();
  await pagerduty?.close();
  await dir?.remove();
});

describe('PagerDuty', () => {
  channelSuite(() => world, () => ({
    flow: 'to-pager',
    taken: ({ id }) => pagerduty.alerts().filter(({ event }) => event.payload?.custom_details?.['run'] === id),
    putOff: () => pagerduty.faults.add({ kind: 'status', status: 429 }),
    break: () => pagerduty.faults.add({ kind: 'status', status: 500 }),
    refuse: () => (pagerduty.faults.add({ kind: 'status', status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors: [`no integration has ${ROUTING_KEY}`] } }), /^HTTP 400: Event object is invalid; no integration has \*\*\*$/),
    cut: () => pagerduty.faults.add({ kind: 'reset-after' }),
    afterCut: { state: 'delivered', attempts: 2, taken: 1 },
  }));

  const runOn = (branch: string, state: 'failed' | 'succeeded' | 'rolled-back', minute: number, some: Parameters<typeof toldRun>[2] = {}) => {
    const run = toldRun('to-pager', state, { finishedAt: `2026-01-01T01:0${minute}:00.000Z`, ...some });
    return { ...run, event: { ...run.event, branch } };
  };
  const alertOf = (branch: string): PagerdutyAlert | undefined => pagerduty.alerts().find(({ event }) => event.payload?.custom_details?.['branch'] === branch);

  it('has one incident of a branch that fails again and again, and it ends with the recovery', async () => {
    for (const [minute, state] of (['failed', 'rolled-back', 'failed'] as const).entries()) {
      const run = runOn('again', state, minute);
      await world.tell(run);
      await world.settled(run.id, 1);
    }
    expect(alertOf('again')).toMatchObject({ state: 'triggered', opened: 1, triggers: 3, event: { payload: { severity: 'critical', class: 'failed', source: 'acme/shop' } } });
    const good = runOn('again', 'succeeded', 4);
    await world.tell(good, { recovered: true });
    await world.settled(good.id, 1);
    expect(alertOf('again')).toMatchObject({ state: 'resolved', opened: 1 });
  });

  it('is not told of a failure behind the recovery of a later run, which would open it again', async () => {
    pagerduty.faults.add({ kind: 'status', status: 503 });
    const [bad, good] = [runOn('late', 'failed', 1), runOn('late', 'succeeded', 2)];
    await world.tell(bad);
    await world.settledOnce(bad.id);
    await world.tell(good, { recovered: true });
    await world.settled(good.id, 1);
    await world.hurry(bad.id);
    expect(await world.settled(bad.id, 1)).toMatchObject([{ state: 'superseded', attempts: 1 }]);
    expect(alertOf('late')).toBeUndefined();
  });

  it('has one incident of a join, whichever part came last, also of what was missing; it ends with the success', async () => {
    const pipeline = { repository: 'acme/shop', branch: 'joined' };
    const cameLast = (repository: string, ...[state, minute]: ['failed' | 'succeeded', number]) => {
      const run = runOn(repository, state, minute, { pipeline });
      return { ...run, event: { ...run.event, repository } };
    };
    const tellRun = async (run: ReturnType<typeof cameLast>) => {
      await world.tell(run);
      await world.settled(run.id, 1);
    };
    await tellRun(cameLast('group/scan', 'failed', 1));
    const missing: JoinMissing = {
      join: 'joined', flow: 'to-pager', key: 'abc', missing: ['build'], came: [{ name: 'e2e', event: 'e' }], openedAt: '2026-01-01T01:00:00.000Z', endedAt: '2026-01-01T01:02:00.000Z', withinSeconds: 120,
      repository: 'shop/e2e', pipeline,
    };
    await world.tellMissing(missing);
    await world.settled(`${missing.join}:${missing.endedAt}`, 1);
    const incident = (): PagerdutyAlert[] => pagerduty.alerts().filter(({ event }) => ['group/scan', 'shop/e2e'].includes(event.payload?.source ?? ''));
    expect(incident()).toMatchObject([{ state: 'triggered', opened: 1, triggers: 2, event: { payload: { class: 'missing' } } }]);
    await tellRun(cameLast('acme/shop', 'succeeded', 3));
    expect(incident()).toMatchObject([{ state: 'resolved', opened: 1 }]);
  });

  it('is told of each branch by itself', async () => {
    const [one, other] = [runOn('one', 'failed', 1), runOn('other', 'succeeded', 2)];
    await world.tell(one);
    await world.settled(one.id, 1);
    await world.tell(other);
    await world.settled(other.id, 1);
    expect(alertOf('one')).toMatchObject({ state: 'triggered' });
  });
});

it('no key is in what is kept', async () => {
  const { rows } = await world.database.query('SELECT * FROM deliveries');
  expect(rows.length).toBeGreaterThan(5);
  expect(JSON.stringify(rows)).not.toContain(ROUTING_KEY);
});
