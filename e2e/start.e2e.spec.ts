import { waitFor } from '@stellwerk/testing';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { configDir, dataDir, isAlive, sendGithubHook, startStellwerk, stopEverything } from './harness/index.js';

afterEach(stopEverything);

const SERVICES = ['ingress', 'router', 'github-connector', 'gitlab-connector', 'jenkins-connector', 'status', 'notifier'];

const config = async (): Promise<string> => (await configDir([{
  kind: 'Connection', metadata: { name: 'ci' },
  spec: { platform: 'jenkins', url: 'https://jenkins.example.org', auth: { user: 'stellwerk', token: { env: 'E2E_TOKEN' } } },
}, {
  kind: 'Connection', metadata: { name: 'hub' },
  spec: { platform: 'github', url: 'https://api.github.com', webhook: { secrets: [{ env: 'E2E_HOOK_SECRET' }] } },
}])).path;

const ENV = { E2E_TOKEN: 'a token', E2E_HOOK_SECRET: 'a secret' };

describe('npm start -- --config', () => {
  it('says that it is ready, runs every service as its own process, and stops all of them at Ctrl-C', async () => {
    const stellwerk = await startStellwerk({ config: await config(), env: ENV });
    const { ingressUrl, statusUrl } = await stellwerk.ready();
    expect((await fetch(`${ingressUrl}/hooks/nobody`, { method: 'POST' })).status).toBe(404);
    const hook = { secret: ENV.E2E_HOOK_SECRET, event: 'ping', body: { zen: 'Keep it logically awesome.' } };
    expect((await sendGithubHook(`${ingressUrl}/hooks/hub`, hook)).status).toBe(202);
    expect((await sendGithubHook(`${ingressUrl}/hooks/hub`, { ...hook, secret: 'another' })).status).toBe(401);
    expect(await (await fetch(`${statusUrl}/api/runs`)).json()).toEqual({ items: [], next: null });

    const children = stellwerk.processes();
    expect(children.map(({ name }) => name).sort()).toEqual([...SERVICES, 'nats', 'postgres'].sort());
    expect(children.every(({ pid, ready }) => ready && isAlive(pid))).toBe(true);
    const ports = children.filter(({ name }) => SERVICES.includes(name)).map(({ managementPort }) => managementPort);
    expect(new Set(ports).size).toBe(SERVICES.length);

    expect(await stellwerk.stop()).toBe(0);
    expect(children.filter(({ pid }) => isAlive(pid))).toEqual([]);
    expect(stellwerk.processes()).toEqual([]);
  });

  it('a second start keeps the state and is ready in under 20 s', async () => {
    const data = await dataDir();
    const folder = await config();
    const first = await startStellwerk({ config: folder, data, env: ENV });
    await first.ready();
    await first.stop();
    const since = Date.now();
    const second = await startStellwerk({ config: folder, data, env: ENV });
    await second.ready();
    expect(Date.now() - since).toBeLessThan(20_000);
    await expect(startStellwerk({ config: folder, data, env: ENV }).then((third) => third.output.line(/already runs on/, 30_000))).resolves.toContain(data);
  });

  it('what is killed comes back, and it is said', async () => {
    const stellwerk = await startStellwerk({ config: await config(), env: ENV });
    await stellwerk.ready();
    for (const name of ['notifier', 'postgres', 'nats']) await stellwerk.kill(name);
    expect(stellwerk.output.text).toContain('notifier ended (SIGKILL); starting it again in 0.25 s');
    expect(stellwerk.output.text).toContain('postgres is ready again');
    expect(await stellwerk.stop()).toBe(0);
  });

  it('after a SIGKILL of the supervisor, the next start ends what is left and goes on', async () => {
    const data = await dataDir();
    const folder = await config();
    const first = await startStellwerk({ config: folder, data, env: ENV });
    await first.ready();
    const left = first.processes();
    process.kill(first.supervisorPid, 'SIGKILL');
    expect(await first.ended()).toBe(1);
    const second = await startStellwerk({ config: folder, data, env: ENV });
    await second.ready();
    expect(left.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });

  it('when the script that npm runs is killed, the supervisor stops everything by itself', async () => {
    const stellwerk = await startStellwerk({ config: await config(), env: ENV });
    await stellwerk.ready();
    const pids = [stellwerk.supervisorPid, ...stellwerk.processes().map(({ pid }) => pid)];
    stellwerk.signal('SIGKILL');
    await waitFor(() => !pids.some(isAlive), { what: 'every process to end', timeoutMs: 60_000 });
  });
});

describe('npm start refuses, with a line that says what to do', () => {
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
    expect(await stellwerk.ended()).toBe(2);
    expect(stellwerk.output.text).toMatch(/a\.yaml:\d+:\d+: /);
    expect(stellwerk.output.text).toMatch(/b\.yaml:\d+:\d+: /);
    expect(stellwerk.output.text).not.toContain('is ready');
  });

  it('secrets that are not set are named, whichever service needs them, exit code 2', async () => {
    const stellwerk = await startStellwerk({ config: await config() });
    expect(await stellwerk.ended()).toBe(2);
    for (const name of Object.keys(ENV)) expect(stellwerk.output.text).toContain(name);
  });

  it('an option that does not exist', async () => {
    const stellwerk = await startStellwerk({ config: '/no/such/folder' });
    expect(await stellwerk.ended()).toBe(1);
    expect(stellwerk.output.text).toContain('/no/such/folder does not exist');
  });
});
