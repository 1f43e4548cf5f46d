import { waitFor } from '@stellwerk/testing';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configDir, dataDir, isAlive, sendGithubHook, startStellwerk, stopEverything, type Stellwerk } from './harness/index.js';

afterAll(stopEverything);

const SERVICES = ['ingress', 'router', 'github-connector', 'gitlab-connector', 'jenkins-connector', 'webhook-connector', 'status', 'notifier'];

const config = async (): Promise<string> => (await configDir([{
  kind: 'Connection', metadata: { name: 'ci' },
  spec: { platform: 'jenkins', url: 'https://jenkins.example.org', auth: { user: 'stellwerk', token: { env: 'E2E_TOKEN' } } },
}, {
  kind: 'Connection', metadata: { name: 'hub' },
  spec: { platform: 'github', url: 'https://api.github.com', webhook: { secrets: [{ env: 'E2E_HOOK_SECRET' }] } },
}])).path;

/** A first start, servers and migrations included, on a machine that has much else to do. */
const REFUSED_WITHIN_MS = 150_000;

const ENV = { E2E_TOKEN: 'a token', E2E_HOOK_SECRET: 'a secret' };

describe('one data folder, from start to start', () => {
  let data: string;
  let folder: string;
  let stellwerk: Stellwerk;
  const start = (): Promise<Stellwerk> => startStellwerk({ config: folder, data, env: ENV });
  const alive = (pids: readonly number[]): number[] => pids.filter(isAlive);
  const everyPid = (): number[] => [stellwerk.supervisorPid, ...stellwerk.processes().map(({ pid }) => pid)];

  beforeAll(async () => {
    [data, folder] = await Promise.all([dataDir(), config()]);
    stellwerk = await start();
  });

  it('says that it is ready, and both doors are open then', async () => {
    const { ingressUrl, statusUrl } = await stellwerk.ready();
    expect((await fetch(`${ingressUrl}/hooks/nobody`, { method: 'POST' })).status).toBe(404);
    const hook = { secret: ENV.E2E_HOOK_SECRET, event: 'ping', body: { zen: 'Keep it logically awesome.' } };
    expect((await sendGithubHook(`${ingressUrl}/hooks/hub`, hook)).status).toBe(202);
    expect((await sendGithubHook(`${ingressUrl}/hooks/hub`, { ...hook, secret: 'another' })).status).toBe(401);
    expect(await (await fetch(`${statusUrl}/api/runs`)).json()).toEqual({ items: [], next: null });
  });

  it('runs NATS, Postgres and every service as processes of their own, each service with a management port of its own', () => {
    const children = stellwerk.processes();
    expect(children.map(({ name }) => name).sort()).toEqual([...SERVICES, 'nats', 'postgres'].sort());
    expect(children.every(({ pid, ready }) => ready && isAlive(pid))).toBe(true);
    const ports = children.filter(({ name }) => SERVICES.includes(name)).map(({ managementPort }) => managementPort);
    expect(new Set(ports).size).toBe(SERVICES.length);
  });

  it('a second start on the same folder is refused', async () => {
    const second = await start();
    expect(await second.ended()).toBe(1);
    expect(second.output.text).toContain(`already runs on ${data}`);
  });

  it('what is killed comes back, and it is said', async () => {
    for (const name of ['notifier', 'postgres', 'nats']) await stellwerk.kill(name);
    expect(stellwerk.output.text).toContain('notifier ended (SIGKILL); starting it again in 0.25 s');
    expect(stellwerk.output.text).toContain('postgres is ready again');
  });

  it('Ctrl-C stops every child and ends with 0', async () => {
    const pids = everyPid();
    expect(await stellwerk.stop()).toBe(0);
    expect(alive(pids)).toEqual([]);
    expect(stellwerk.processes()).toEqual([]);
  });

  it('the next start keeps the state, and the configuration that was in force beside a broken edit, which it prints', async () => {
    const broken = join(folder, 'broken.yaml');
    await writeFile(broken, 'kind: Konnection\n');
    stellwerk = await start();
    await stellwerk.ready();
    const { items } = await stellwerk.api<{ items: unknown[] }>('/api/connections');
    expect(items).toHaveLength(2);
    const refused = stellwerk.output.text.split(`  ${broken}:1:7: unknown kind "Konnection"`);
    expect([refused.length, refused[0]]).toEqual([2, expect.stringMatching(/config refused, what was in force stays: 0 flows, revision \S+\n$/)]);
    await rm(broken);
    await stellwerk.output.line(/config in force: 0 flows, revision /, 60_000);
  });

  it('after a SIGKILL of the supervisor, the next start ends what is left and goes on', async () => {
    const pids = everyPid();
    process.kill(stellwerk.supervisorPid, 'SIGKILL');
    expect(await stellwerk.ended()).toBe(1);
    stellwerk = await start();
    await stellwerk.ready();
    expect(alive(pids)).toEqual([]);
  });

  it('when the script that npm runs is killed, the supervisor stops everything by itself', async () => {
    const pids = everyPid();
    stellwerk.signal('SIGKILL');
    await waitFor(() => alive(pids).length === 0, { what: 'every process to end', timeoutMs: 60_000 });
  });
});

describe.concurrent('npm start refuses, with a line that says what to do', () => {
  it('a port that is in use, before anything is started', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as { port: number };
    const stellwerk = await startStellwerk({ config: await config(), env: { ...ENV, STATUS_PORT: String(port) } });
    expect(await stellwerk.ended()).toBe(1);
    expect(stellwerk.output.text).toContain(`port ${port}`);
    expect(stellwerk.output.text).toContain('STATUS_PORT');
    expect(stellwerk.processes()).toEqual([]);
    squatter.close();
  });

  it.each([
    ['NATS_URL', 'nats://127.0.0.1:1'],
    ['DATABASE_URL', 'postgres://nobody:secret@127.0.0.1:1/nothing'],
  ])('%s that cannot be reached, without the password', async (variable, url) => {
    const stellwerk = await startStellwerk({ config: await config(), env: { ...ENV, [variable]: url } });
    expect(await stellwerk.ended(30_000)).toBe(1);
    expect(stellwerk.output.text).toContain(`${variable} points to`);
    expect(stellwerk.output.text).not.toContain('secret');
  });

  it('a broken configuration: every fault at once, exit code 2', async () => {
    const broken = await configDir();
    broken.putText('a.yaml', 'apiVersion: stellwerk.dev/v1\nkind: Flow\nmetadata: { name: UPPER }\nspec: { on: [], steps: {} }\n');
    broken.putText('b.yaml', 'kind: Konnection\n');
    const stellwerk = await startStellwerk({ config: broken.path });
    expect(await stellwerk.ended(REFUSED_WITHIN_MS)).toBe(2);
    expect(stellwerk.output.text).toMatch(/a\.yaml:\d+:\d+: /);
    expect(stellwerk.output.text).toMatch(/b\.yaml:\d+:\d+: /);
    expect(stellwerk.output.text).not.toContain('is ready');
  });

  it('secrets that are not set are named, whichever service needs them, exit code 2', async () => {
    const stellwerk = await startStellwerk({ config: await config() });
    expect(await stellwerk.ended(REFUSED_WITHIN_MS)).toBe(2);
    for (const name of Object.keys(ENV)) expect(stellwerk.output.text).toContain(name);
  });

  it('an option that does not exist', async () => {
    const stellwerk = await startStellwerk({ config: '/no/such/folder' });
    expect(await stellwerk.ended()).toBe(1);
    expect(stellwerk.output.text).toContain('/no/such/folder does not exist');
  });
});
