import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '@stellwerk/local-servers';
import { tempDir, waitFor } from '@stellwerk/testing';

export const USER = 'robot';
export const PASSWORD = 'a-real-password';
/** It migrates a database of its own first, which takes minutes on a busy machine. */
const STARTS_WITHIN_MS = 280_000;

/** A real server with one served deployment. */
export interface RealPrefect {
  /** Of the API. */
  url: string;
  /** A call as its own client would make it. */
  api(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  stop(): Promise<void>;
}

const stop = (child: ChildProcess): Promise<void> => new Promise((resolve) => {
  if (child.exitCode !== null) return resolve();
  child.once('exit', () => resolve());
  child.kill('SIGTERM');
});

/** `bin`: folder of the executables of its virtual environment. */
export const startRealPrefect = async (bin: string): Promise<RealPrefect> => {
  const home = await tempDir('prefect');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/api`;
  const login = `${USER}:${PASSWORD}`;
  const env = {
    PATH: `${bin}:${process.env.PATH}`, HOME: home.path, PREFECT_HOME: home.path, PREFECT_API_URL: url, PREFECT_SERVER_API_AUTH_STRING: login, PREFECT_API_AUTH_STRING: login,
    PREFECT_SERVER_ANALYTICS_ENABLED: 'false', DO_NOT_TRACK: '1', PREFECT_RUNNER_POLL_FREQUENCY: '1',
  };
  const server = spawn(join(bin, 'prefect'), ['server', 'start', '--host', '127.0.0.1', '--port', String(port)], { env, stdio: 'ignore' });
  const api: RealPrefect['api'] = async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method, headers: { authorization: `Basic ${btoa(login)}`, 'content-type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  const children = [server];
  const stopAll = async (): Promise<void> => {
    for (const child of children.reverse()) await stop(child);
    await home.remove();
  };
  try {
    await waitFor(async () => (await api('GET', '/admin/version')).status === 200, { what: 'a Prefect server', timeoutMs: STARTS_WITHIN_MS, everyMs: 500 });
    children.push(spawn(join(bin, 'python'), [join(import.meta.dirname, 'etl.py')], { env, stdio: 'ignore' }));
    await waitFor(async () => (await api('GET', '/deployments/name/etl/nightly')).status === 200, { what: 'the deployment etl/nightly', timeoutMs: STARTS_WITHIN_MS, everyMs: 500 });
  } catch (error) {
    await stopAll();
    throw error;
  }
  return { url, api, stop: stopAll };
};
