import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import type { RunSnapshot } from '@stellwerk/contracts';
import { Metrics } from '@stellwerk/service-kit';
import { startTeamsSimulator, type RunningTeamsSimulator } from '@stellwerk/simulators';
import { tempDir, waitFor } from '@stellwerk/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { channelSuite } from '../../test/channel-suite.js';
import { MailServer, type MailFault } from '../../test/mail-server.js';
import { startNotifier } from '../../test/notifier-rig.js';
import { prepareWorld, toldRun, type NotifierWorld } from '../../test/notifier-world.js';
import { channel, CONNECTION, flow } from '../../test/resources.js';

const SIGNATURE = 's1gnature';

const mail = (name: string, extra = ''): string => `
apiVersion: stellwerk.dev/v1
kind: Channel
metadata: { name: ${name} }
spec: { type: mail, smtp: { host: localhost, port: MAIL_PORT, tls: none }, from: Stellwerk <ci@example.com>, to: [one@example.com, two@example.com], network: { allow: [127.0.0.0/8] }${extra} }
---`;

const RESOURCES = `${CONNECTION}${channel('teams', 'teams')}
${channel('calm', 'teams', ', quiet: { same: 10m }')}${channel('brief', 'teams', ', quiet: { digest: 1h }')}
${mail('post')}${mail('calm-post', ', quiet: { same: 10m }')}${mail('brief-post', ', quiet: { digest: 1h }')}${flow('counted', 'calm calm-post', 'failed')}${flow('gathered', 'brief brief-post', 'failed, succeeded')}
${flow('to-mail', 'post', 'started, failed')}${flow('to-teams', 'teams', 'failed')}
`.replace(/---\s*$/, '');

let world: NotifierWorld;
let notifier: INestApplication;
let teams: RunningTeamsSimulator;
let mails: MailServer;
let dir: Awaited<ReturnType<typeof tempDir>>;

beforeAll(async () => {
  dir = await tempDir('channels');
  teams = await startTeamsSimulator({ journalFile: join(dir.path, 'teams.jsonl'), signature: SIGNATURE });
  mails = await MailServer.start();
  world = await prepareWorld({ resources: RESOURCES.replaceAll('MAIL_PORT', String(mails.port)), env: { TEST_TEAMS: teams.webhookUrl, TEST_CALM: teams.webhookUrl, TEST_BRIEF: teams.webhookUrl } });
  notifier = await startNotifier(world.env, new Metrics());
}, 180_000);

afterEach(() => {
  teams.faults.clear();
  mails.clear();
});

afterAll(async () => {
  await notifier?.close();
  await world?.stop();
  await Promise.all([teams?.close(), mails?.close()]);
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

describe('Teams and mail', () => {
  const failedOn = (flowName: string, branch: string, some: Parameters<typeof toldRun>[2] = {}) => {
    const run = toldRun(flowName, 'failed', some);
    return { ...run, event: { ...run.event, branch } };
  };
  const saidOf = ({ id }: { id: string }): string[] => [...teams.cards().map((card) => JSON.stringify(card)), ...mails.mails.map(({ mail }) => `${mail.subject} ${mail.text}`)].filter((text) => text.includes(id));

  it('are not told the same again within `quiet.same`, and what comes after it says how often it was', async () => {
    const [first, second, third] = [1, 2, 3].map((minute) => failedOn('counted', 'again', { finishedAt: `2026-01-01T02:0${minute}:00.000Z` })) as [RunSnapshot, RunSnapshot, RunSnapshot];
    for (const run of [first, second]) {
      await world.tell(run);
      await world.settled(run.id, 2);
    }
    expect((await world.rows(second.id)).map(({ state }) => state)).toEqual(['counted', 'counted']);
    await world.database.query("UPDATE topics SET said_at = now() - interval '11 minutes'");
    await world.tell(third);
    await world.settled(third.id, 2);
    expect([first, second, third].map((run) => saidOf(run).length)).toEqual([2, 0, 2]);
    for (const text of saidOf(third)) expect(text).toContain('again 2 times');
  });

  it('are told in one message what comes close together', async () => {
    const runs = ['one', 'other'].map((branch) => failedOn('gathered', branch));
    for (const run of runs) await world.tell(run);
    await waitFor(async () => (await Promise.all(runs.map(({ id }) => world.rows(id)))).flat().map(({ state }) => state).join() === 'held,held,held,held' || undefined, { what: 'four messages held back' });
    for (const channelName of ['brief', 'brief-post']) await world.closeDigest(channelName);
    await waitFor(() => runs.every((run) => saidOf(run).length === 2) || undefined, { what: 'the digests' });
    expect(saidOf(runs[0]!)).toEqual(saidOf(runs[1]!));
    for (const text of saidOf(runs[0]!)) expect(text).toContain('2 runs in short');
  });
});

it('no address and no key of a channel is in what is kept', async () => {
  const { rows } = await world.database.query('SELECT * FROM deliveries');
  expect(rows.length).toBeGreaterThan(5);
  expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${SIGNATURE}|one@example`));
});
