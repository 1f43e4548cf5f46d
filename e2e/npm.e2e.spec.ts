import { freePort, waitFor } from '@stellwerk/testing';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { configDir, dataDir, isAlive, Stellwerk, stopEverything } from './harness/index.js';

afterEach(stopEverything);

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** As a person does it, with npm between us and the script. */
const npmStart = async (): Promise<Stellwerk> => {
  const { path } = await configDir([{ kind: 'Connection', metadata: { name: 'hub' }, spec: { platform: 'github', url: 'https://api.github.com' } }]);
  const data = await dataDir();
  const env = { ...process.env, INGRESS_PORT: String(await freePort()), STATUS_PORT: String(await freePort()) };
  return new Stellwerk(spawn('npm', ['start', '--', '--config', path, '--data', data], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] }), data);
};

describe('npm start', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('%s to npm alone leaves no process', async (signal) => {
    const stellwerk = await npmStart();
    await stellwerk.ready();
    const pids = [stellwerk.supervisorPid, ...stellwerk.processes().map(({ pid }) => pid)];
    expect(pids.length).toBeGreaterThan(9);
    stellwerk.signal(signal);
    expect(await stellwerk.ended()).toBe(signal === 'SIGKILL' ? null : 0);
    await waitFor(() => !pids.some(isAlive), { what: 'every process to end', timeoutMs: 60_000 });
  });
});
