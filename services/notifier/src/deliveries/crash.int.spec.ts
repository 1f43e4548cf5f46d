import { join } from 'node:path';
import type { RunSnapshot } from '@stellwerk/contracts';
import { startPagerdutySimulator, type RunningPagerdutySimulator } from '@stellwerk/simulators';
import { tempDir } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateIn } from '../../test/certificate.js';
import { diedOf, endLeases, killAmid } from '../../test/killed-notifier.js';
import { MailServer } from '../../test/mail-server.js';
import { spawnNotifier, type NotifierProcess } from '../../test/notifier-process.js';
import { prepareWorld, toldRun, type NotifierWorld } from '../../test/notifier-world.js';
import { channel, flow, RESOURCES } from '../../test/resources.js';

const ROUTING_KEY = 'R'.repeat(32);
const LOGIN = { user: 'robot', password: 'pa55word' };

const resources = (port: number): string => `${RESOURCES}
---${channel('pager', 'pagerduty', ', routingKey: { env: TEST_ROUTING_KEY }')}
apiVersion: stellwerk.dev/v1
kind: Channel
metadata: { name: post }
spec:
  type: mail
  smtp: { host: localhost, port: ${port}, user: ${LOGIN.user}, password: { env: TEST_PASSWORD } }
  from: ci@example.com
  to: team@example.com
  network: { allow: [127.0.0.0/8] }
---${flow('to-mail', 'post', 'failed')}${flow('to-pager', 'pager', 'failed, recovered')}
`.replace(/---\s*$/, '');

let world: NotifierWorld;
let mails: MailServer;
let pagerduty: RunningPagerdutySimulator;
let dir: Awaited<ReturnType<typeof tempDir>>;
let survivor: NotifierProcess | undefined;

beforeAll(async () => {
  dir = await tempDir('channels-crash');
  const { key, cert, file } = await certificateIn(dir.path);
  mails = await MailServer.start({
    key, cert, disabledCommands: [], authOptional: false,
    onAuth: ({ username, password }, _, done) => (username === LOGIN.user && password === LOGIN.password ? done(null, { user: username }) : done(new Error('wrong password'))),
  });
  pagerduty = await startPagerdutySimulator({ journalFile: join(dir.path, 'pagerduty.jsonl'), routingKey: ROUTING_KEY });
  world = await prepareWorld({
    resources: resources(mails.port), env: { TEST_PAGER: pagerduty.eventsUrl, TEST_ROUTING_KEY: ROUTING_KEY, TEST_PASSWORD: LOGIN.password, NODE_EXTRA_CA_CERTS: file },
  });
}, 180_000);

afterAll(async () => {
  await survivor?.stop();
  await world?.stop();
  await Promise.all([mails?.close(), pagerduty?.close()]);
  await dir?.remove();
});

const before = { slack: toldRun('to-slack', 'failed'), hook: toldRun('to-hook', 'failed') };
const after = {
  slack: toldRun('to-slack', 'failed'), hook: toldRun('to-hook', 'failed'), post: toldRun('to-mail', 'failed'), pager: toldRun('to-pager', 'failed'),
  bot: toldRun('lives', 'running', { version: 1, finishedAt: undefined }),
};

/** The run's message was posted by one that died of it; another posts the next state, and dies of the edit behind that. */
const killAtEdit = async (run: RunSnapshot): Promise<void> => {
  await endLeases(world, run.id);
  const editor = await spawnNotifier(world.env, 'notifier.after-send@2');
  await world.settled(run.id, 1);
  await world.tell({ ...run, state: 'failed', version: 5, finishedAt: '2026-01-01T00:00:13.000Z' });
  await world.settled(run.id, 2);
  await world.tell({ ...run, state: 'succeeded', version: 9, attempt: 2, finishedAt: '2026-01-01T00:00:23.000Z' });
  await diedOf(world, editor);
};

/** Killed at one point of all messages, then another takes over what was left. */
describe('a notifier killed by SIGKILL', () => {
  beforeAll(async () => {
    await killAmid(world, 'notifier.before-send', before);
    await killAmid(world, 'notifier.after-send', after);
    for (const { id } of [...Object.values(before), ...Object.values(after)]) expect(await world.rows(id)).toMatchObject([{ state: 'sending', attempts: 1 }]);
    await killAtEdit(after.bot);
    await endLeases(world);
    survivor = await spawnNotifier(world.env);
    for (const { id } of [...Object.values(before), ...Object.values(after)]) await world.settled(id, 1);
  }, 180_000);

  it('after Slack took the message says nothing twice, and leaves the row `unknown`', async () => {
    expect(world.messagesOf(after.slack.id)).toHaveLength(1);
    expect(await world.rows(after.slack.id)).toMatchObject([{ state: 'unknown', attempts: 1 }]);
  });

  it('before it sent to Slack costs the message, and the row says so', async () => {
    expect(world.messagesOf(before.slack.id)).toHaveLength(0);
    expect(await world.rows(before.slack.id)).toMatchObject([{ state: 'unknown' }]);
  });

  it('around a signed webhook sends it again under the same id', async () => {
    expect(world.messagesOf(before.hook.id)).toHaveLength(1);
    const ids = world.messagesOf(after.hook.id).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(await world.rows(after.hook.id)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  });

  it('after a mail server took the mail, over TLS by who is logged in, sends none twice and leaves the row `unknown`', async () => {
    expect(mails.mails).toMatchObject([{ secure: true, user: LOGIN.user, to: ['team@example.com'] }]);
    expect(await world.rows(after.post.id)).toMatchObject([{ state: 'unknown', attempts: 1 }]);
  });

  it('after PagerDuty took the event sends it again, and that is one incident', async () => {
    expect(pagerduty.alerts()).toMatchObject([{ state: 'triggered', opened: 1, triggers: 2 }]);
    expect(await world.rows(after.pager.id)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  });

  it('between a post and the writing of where it stands says nothing twice; between an edit and its outcome the edit is repeated', async () => {
    expect(await world.outcomes(after.bot.id)).toEqual({ started: 'unknown', failed: 'delivered', succeeded: 'delivered' });
    const posts = world.chat.slackPosts().filter(({ message }) => JSON.stringify(message).includes(after.bot.id));
    expect(posts.map(({ message, edited }) => [String(message['text']).split(' ')[2], edited.length])).toEqual([['started', 0], ['succeeded', 2]]);
  });
});
