import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { Metrics } from '@stellwerk/service-kit';
import { startPagerdutySimulator, startTeamsSimulator, type PagerdutyAlert, type RunningPagerdutySimulator, type RunningTeamsSimulator } from '@stellwerk/simulators';
import { tempDir } from '@stellwerk/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { channelSuite } from '../../test/channel-suite.js';
import { MailServer, type MailFault } from '../../test/mail-server.js';
import { startNotifier } from '../../test/notifier-rig.js';
import { prepareWorld, toldRun, type NotifierWorld } from '../../test/notifier-world.js';
import { channel, CONNECTION, flow } from '../../test/resources.js';

const ROUTING_KEY = 'R0UT1NGKEY'.repeat(4).slice(0, 32);
const SIGNATURE = 's1gnature';

const RESOURCES = `${CONNECTION}${channel('teams', 'teams')}${channel('pager', 'pagerduty', ', routingKey: { env: TEST_ROUTING_KEY }, severity: critical')}

apiVersion: stellwerk.dev/v1
kind: Channel
metadata: { name: post }
spec: { type: mail, smtp: { host: localhost, port: MAIL_PORT, tls: none }, from: Stellwerk <ci@example.com>, to: [one@example.com, two@example.com], network: { allow: [127.0.0.0/8] } }
---${flow('to-mail', 'post', 'started, failed')}${flow('to-teams', 'teams', 'failed')}${flow('to-pager', 'pager', 'failed, rolled-back, missing, recovered, succeeded')}
`.replace(/---\s*$/, '');

let world: NotifierWorld;
let notifier: INestApplication;
let teams: RunningTeamsSimulator;
let pagerduty: RunningPagerdutySimulator;
let mails: MailServer;
let dir: Awaited<ReturnType<typeof tempDir>>;

beforeAll(async () => {
  dir = await tempDir('channels');
  teams = await startTeamsSimulator({ journalFile: join(dir.path, 'teams.jsonl'), signature: SIGNATURE });
  pagerduty = await startPagerdutySimulator({ journalFile: join(dir.path, 'pagerduty.jsonl'), routingKey: ROUTING_KEY });
  mails = await MailServer.start();
  world = await prepareWorld({ resources: RESOURCES.replace('MAIL_PORT', String(mails.port)), env: { TEST_TEAMS: teams.webhookUrl, TEST_PAGER: pagerduty.eventsUrl, TEST_ROUTING_KEY: ROUTING_KEY } });
  notifier = await startNotifier(world.env, new Metrics());
}, 180_000);

afterEach(() => {
  for (const { faults } of [teams, pagerduty]) faults.clear();
  mails.clear();
});

afterAll(async () => {
  await notifier?.close();
  await world?.stop();
  await Promise.all([teams?.close(), pagerduty?.close(), mails?.close()]);
  await dir?.remove();
});

describe('Teams', () => channelSuite(() => world, () => ({
  flow: 'to-teams',
  taken: ({ id }) => teams.cards().filter((card) => JSON.stringify(card).includes(id)),
  putOff: () => teams.faults.add({ kind: 'status', status: 429 }),
  break: () => teams.faults.add({ kind: 'status', status: 503 }),
  refuse: () => (teams.faults.add({ kind: 'status', status: 404 }), /^HTTP 404: the address is no longer taken/),
  cut: () => teams.faults.add({ kind: 'reset-after' }),
  afterCut: { state: 'unknown', attempts: 1, taken: 1 },
})));

it('Teams gets each of many that come at once, though it takes four a second', async () => {
  const runs = Array.from({ length: 10 }, () => toldRun('to-teams', 'failed'));
  await Promise.all(runs.map((run) => world.tell(run)));
  for (const run of runs) expect(await world.settled(run.id, 1)).toMatchObject([{ state: 'delivered' }]);
  const posted = JSON.stringify(teams.cards());
  for (const { id } of runs) expect(posted.split(`/runs/${id}"`)).toHaveLength(2);
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

  it('is told of each branch by itself', async () => {
    const [one, other] = [runOn('one', 'failed', 1), runOn('other', 'succeeded', 2)];
    await world.tell(one);
    await world.settled(one.id, 1);
    await world.tell(other);
    await world.settled(other.id, 1);
    expect(alertOf('one')).toMatchObject({ state: 'triggered' });
  });
});

describe('Mail', () => {
  const of = ({ id }: { id: string }) => mails.mails.filter(({ mail }) => mail.text?.includes(id));
  const fault = (one: MailFault) => (): void => mails.next(one);

  channelSuite(() => world, () => ({
    flow: 'to-mail',
    taken: of,
    putOff: fault({ at: 'from', code: 451, message: 'greylisted' }),
    break: fault({ at: 'connect', code: 421, message: 'shutting down' }),
    refuse: () => (mails.next({ at: 'data', code: 554, message: 'no such mailbox as one@example.com' }), /^SMTP 554 .*no such mailbox as \*\*\*$/),
    cut: fault({ cut: 'after-data' }),
    afterCut: { state: 'unknown', attempts: 1, taken: 1 },
  }));

  it('goes to those whom the server takes, and the row says who is missing', async () => {
    mails.next({ at: 'to', code: 550, recipient: 'two@example.com' });
    const run = toldRun('to-mail', 'failed');
    await world.tell(run);
    expect(await world.settled(run.id, 1)).toMatchObject([{ state: 'delivered', attempts: 1, reason: 'not taken for to[1] (550)' }]);
    expect(of(run)).toMatchObject([{ to: ['one@example.com'] }]);
  });

  it('is one thread for all that is told of a run, each with the id of its message', async () => {
    const run = toldRun('to-mail', 'running', { version: 1, finishedAt: undefined });
    await world.tell(run);
    await world.settled(run.id, 1);
    await world.tell({ ...run, state: 'failed', version: 2, finishedAt: '2026-01-01T00:00:13.000Z' });
    await world.settled(run.id, 2);
    const [first, second] = of(run).map(({ mail }) => mail);
    expect([first!.subject, second!.subject]).toEqual([expect.stringContaining('started'), expect.stringContaining('failed')]);
    expect(first!.inReplyTo).toBe(second!.inReplyTo);
    const { rows } = await world.database.query<{ id: string }>('SELECT id FROM deliveries WHERE run = $1 ORDER BY version', [run.id]);
    expect([first!.messageId, second!.messageId]).toEqual(rows.map(({ id }) => `<${id}@example.com>`));
  });
});

it('no address and no key of a channel is in what is kept', async () => {
  const { rows } = await world.database.query('SELECT * FROM deliveries');
  expect(rows.length).toBeGreaterThan(5);
  expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${ROUTING_KEY}|${SIGNATURE}|one@example`));
});
