import { join } from 'node:path';
import { startPagerdutySimulator, type RunningPagerdutySimulator } from '@stellwerk/simulators';
import { tempDir } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateIn } from '../../test/certificate.js';
import { killNotifierAt } from '../../test/killed-notifier.js';
import { MailServer } from '../../test/mail-server.js';
import { prepareWorld, type NotifierWorld } from '../../test/notifier-world.js';
import { channel, CONNECTION, flow } from '../../test/resources.js';

const ROUTING_KEY = 'R'.repeat(32);
const LOGIN = { user: 'robot', password: 'pa55word' };

const resources = (port: number): string => `${CONNECTION}${channel('pager', 'pagerduty', ', routingKey: { env: TEST_ROUTING_KEY }')}
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
  await world?.stop();
  await Promise.all([mails?.close(), pagerduty?.close()]);
  await dir?.remove();
});

describe('a notifier killed by SIGKILL', () => {
  it('after a mail server took the mail, over TLS by who is logged in, sends none twice and leaves the row `unknown`', async () => {
    const run = await killNotifierAt(world, 'notifier.after-send', 'to-mail');
    expect(mails.mails).toMatchObject([{ secure: true, user: LOGIN.user, to: ['team@example.com'] }]);
    expect(await world.rows(run)).toMatchObject([{ state: 'unknown', attempts: 1 }]);
  }, 180_000);

  it('after PagerDuty took the event sends it again, and that is one incident', async () => {
    const run = await killNotifierAt(world, 'notifier.after-send', 'to-pager');
    expect(pagerduty.alerts()).toMatchObject([{ state: 'triggered', opened: 1, triggers: 2 }]);
    expect(await world.rows(run)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  }, 180_000);
});
