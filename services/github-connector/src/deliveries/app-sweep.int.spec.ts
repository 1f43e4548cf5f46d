import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectionCheck } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSweepRig, type SweepRig } from '../../spec/sweep-rig.js';

const SOON = { timeoutMs: 60_000 };
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
let world: SweepRig;

beforeAll(async () => {
  world = await startSweepRig({ app: { id: '123', installation: '456', publicKey }, appHook: true });
  await writeFile(join(world.rig.dir, 'app.pem'), privateKey);
  await world.configure({}, { app: { id: 123, installation: 456, privateKey: { file: join(world.rig.dir, 'app.pem') } } });
}, 120_000);

afterAll(async () => world?.close());

it("what an App's webhook did not get through is tried by one delivery; then runs are told by the list of the repository that a delivery names, and all else is asked for again", async () => {
  world.door.answer = () => 503;
  await world.runs(4);
  world.door.answer = () => 202;
  await world.rig.startConnector(world.env);
  await waitFor(async () => (await world.query("SELECT 1 FROM missed_deliveries WHERE state <> 'open'")).length === 24, { ...SOON, what: 'all deliveries' });
  const asked = await world.asked();
  expect([asked.length, new Set(asked).size]).toEqual([13, 13]);
  const ids = new Set(world.rig.events.filter(({ data }) => data.repository === 'acme/shop').map(({ id }) => id));
  expect(ids.size).toBe(12);
  expect((await world.github.journal()).filter(({ path }) => path.endsWith('/attempts')).every(({ path }) => path.startsWith('/app/hook/'))).toBe(true);
}, 120_000);

it('is checked with the own signature of the App', async () => {
  const { findings } = await world.ask<ConnectionCheck>('check', { connection: 'c' });
  expect(findings.map(({ level, about, text }) => `${level} ${about}: ${text}`)).toContain('ok the App: its webhook leads to us and sends everything');
});
