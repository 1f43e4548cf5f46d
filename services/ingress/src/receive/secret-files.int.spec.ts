import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configRequest, type ConfigInForce } from '@stellwerk/contracts';
import { RequestClient } from '@stellwerk/messaging';
import { startTestNats, tempDir, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startIngress, type IngressRig } from '../../spec/ingress-rig.js';
import { fromGithub } from '../../spec/signing.js';

let nats: TestNats;
let rig: IngressRig;
let home: Awaited<ReturnType<typeof tempDir>>;

const connection = (name: string, file: string): string => `---
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: ${name} }
spec:
  platform: github
  url: https://api.github.com
  webhook: { secrets: [{ file: ${file} }] }
`;

/** As Kubernetes mounts a secret: a link to a folder that is replaced as a whole. */
const mount = async (secret: string, version: string): Promise<void> => {
  await mkdir(join(home.path, version));
  await writeFile(join(home.path, version, 'hook'), secret);
  await symlink(version, join(home.path, '..data.next'));
  await rename(join(home.path, '..data.next'), join(home.path, '..data'));
};

beforeAll(async () => {
  nats = await startTestNats();
  home = await tempDir('secret-files');
  await writeFile(join(home.path, 'plain'), 'first\n');
  await mount('first', 'v1');
  await symlink('..data/hook', join(home.path, 'mounted'));
  rig = await startIngress(nats.url, await testDatabaseUrl(), {}, connection('plain', join(home.path, 'plain')) + connection('mounted', join(home.path, 'mounted')));
});

afterAll(async () => {
  await rig?.stop();
  await home?.remove();
  await nats?.stop();
});

const answer = async (name: string, secret: string): Promise<number> => (await rig.send({ ...fromGithub('ping', { zen: 'Hi' }, { secret }), path: `/hooks/${name}` })).status;
const taken = (name: string, secret: string): Promise<boolean> => waitFor(async () => (await answer(name, secret)) === 202, { what: `${name} to take the secret "${secret}"` });

it('a secret that is written into its file anew is in force within seconds, the old one is not any more', async () => {
  expect(await answer('plain', 'first')).toBe(202);
  // As long as the one before it.
  await writeFile(join(home.path, 'plain'), 'other\n');
  await taken('plain', 'other');
  expect(await answer('plain', 'first')).toBe(401);
});

it('so is one whose folder is replaced, as Kubernetes does it', async () => {
  expect(await answer('mounted', 'first')).toBe(202);
  await mount('second', 'v2');
  await taken('mounted', 'second');
  expect(await answer('mounted', 'first')).toBe(401);
});

it('while its file is away the last one goes on', async () => {
  await taken('plain', 'other');
  await rm(join(home.path, 'plain'));
  for (let n = 0; n < 3; n += 1) expect(await answer('plain', 'other')).toBe(202);
  await writeFile(join(home.path, 'plain'), 'third');
  await taken('plain', 'third');
});

it('and people can ask which set is in force', async () => {
  const client = new RequestClient({ name: 'status', url: nats.url });
  const answered = await waitFor(() => client.ask<ConfigInForce>(configRequest('ingress'), {}), { what: 'an answer' });
  await client.onApplicationShutdown();
  expect(answered).toEqual({ revision: expect.stringMatching(/^[0-9a-f]{12}$/), refused: false });
});
