import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRig, type Rig, type Subject } from '@stellwerk/connector-kit/conformance';
import { shortType } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subjectWith } from '../spec/subject.js';

const SLOW = 180_000;
const newKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
const keys = newKeys();
/** GitHub as an App knows it: a new token is not known everywhere at once. */
const subject: Subject = {
  ...subjectWith({ app: { id: '123', installation: '456', publicKey: keys.publicKey, tokenForm: 'new', tokenLagMilliseconds: 300 } }),
  auth: (privateKey) => ({ app: { id: 123, installation: 456, privateKey } }),
};
let rig: Rig;
let connector: ChildProcess;

beforeAll(async () => {
  rig = await startRig(subject);
  const [good, replaced] = ['good.pem', 'replaced.pem'].map((name) => join(rig.dir, name));
  await writeFile(good!, keys.privateKey);
  await writeFile(replaced!, newKeys().privateKey);
  await rig.configure([{ name: 'app', tokenFile: good }, { name: 'app-too', tokenFile: good }, { name: 'locked', tokenFile: replaced }]);
  connector = await rig.startConnector();
}, 300_000);
afterAll(async () => rig?.close());

const tokenCalls = async (status: number) => (await rig.platform.journal()).filter(({ path, answer }) => path.endsWith('/access_tokens') && answer?.status === status);
const states = (name: string) => rig.events.filter(({ type, data }) => shortType(type) === 'connection.health' && data.connection === name).map(({ data }) => data.state);

describe('a connection of a GitHub App', () => {
  it('starts and follows runs under one token, for all who need one at once', async () => {
    const sent = await Promise.all(['app', 'app-too', 'app', 'app-too'].map((name) => rig.send(name)));
    for (const one of sent) expect((await rig.followed(one, 'pipelinerun.finished')).data).toMatchObject({ outcome: 'success' });
    expect(await tokenCalls(201)).toHaveLength(1);
    expect([...states('app'), ...states('app-too')]).not.toContain('paused');
  }, SLOW);

  it('says where a run stands by a check run', async () => {
    const values = { repository: 'acme/shop', sha: 'c'.repeat(40), state: 'success', context: 'stellwerk/f' };
    const sent = await rig.send('app', { action: 'set-status', purpose: 'report', step: 'report', await: false, with: values }, `${crypto.randomUUID()}:report:report:1`);
    await rig.outcome(sent, 'trigger.accepted');
    const writes = (await rig.platform.journal()).filter(({ method, path }) => method === 'POST' && /\/(check-runs|statuses\/.*)$/.test(path));
    expect(writes).toMatchObject([{ path: '/repos/acme/shop/check-runs', answer: { status: 201 } }]);
  }, SLOW);

  it('is paused when GitHub does not take the App, asks not for each command, and goes on at once with another key', async () => {
    const sent = [await rig.send('locked'), await rig.send('locked')];
    await waitFor(() => states('locked').includes('paused'), { what: 'a paused connection' });
    sent.push(await rig.send('locked'));
    await waitFor(async () => (await rig.metric(connector, 'open_dispatches')) >= sent.length, { timeoutMs: 30_000, what: 'three commands that wait' });
    expect(await tokenCalls(401)).toHaveLength(1);
    expect(rig.events.some(({ causationid }) => sent.some(({ id }) => id === causationid))).toBe(false);
    await writeFile(join(rig.dir, 'replaced.pem'), keys.privateKey);
    for (const one of sent) await rig.outcome(one, 'trigger.accepted');
    await waitFor(() => states('locked').at(-1) === 'ok', { what: 'a connection that is well again' });
    expect(await tokenCalls(401)).toHaveLength(1);
  }, SLOW);
});
