import { startRig, type Rig } from '@stellwerk/connector-kit/conformance';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { subject } from '../../spec/subject.js';

const SHA = 'a'.repeat(40);
/** Longer than a busy machine needs to get from one call to the next. */
const DELAY_MS = 3_000;
let rig: Rig;

beforeAll(async () => {
  rig = await startRig(subject);
  await rig.configure([{ name: 'c', spec: { limits: { concurrency: 10, timeout: '15s' } } }]);
  await rig.startConnector();
  await rig.startConnector();
}, 300_000);
afterAll(async () => rig?.close());

const report = (state: string, context = 'stellwerk/f') =>
  rig.send('c', { action: 'set-status', purpose: 'report', step: 'report', await: false, with: { repository: 'acme/shop', sha: SHA, state, context } }, `${crypto.randomUUID()}:report:report:1`);

/** Statuses as GitHub got them. */
const got = async () => (await rig.platform.journal()).filter(({ kind, path }) => kind === 'request' && path.includes('/statuses/'));

it('sets the statuses of one commit and context one after the other, also over replicas; those of others need not wait', async () => {
  rig.platform.faults.add({ kind: 'delay', method: 'POST', path: '*/statuses/*', delayMs: DELAY_MS, times: 3 });
  const sent = [await report('pending'), await report('success'), await report('pending', 'another')];
  await Promise.all(sent.map((one) => rig.outcome(one, 'trigger.accepted')));
  const came = (await got()).map((entry) => ({ at: Date.parse(entry.at), ...(entry as unknown as { body: { state: string; context: string } }).body }));
  const [first, second] = came.filter(({ context }) => context === 'stellwerk/f').map(({ at }) => at).sort();
  expect(second! - first!).toBeGreaterThanOrEqual(DELAY_MS);
  expect(came.find(({ context }) => context === 'another')!.at).toBeLessThan(second!);
}, 180_000);
