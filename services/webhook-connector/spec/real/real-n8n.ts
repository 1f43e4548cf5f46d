import { spawn, type ChildProcess } from 'node:child_process';
import { freePort } from '@stellwerk/local-servers';
import { startTestPostgres, tempDir, waitFor } from '@stellwerk/testing';
import { announceWorkflow } from './n8n-workflow.js';

/** It migrates a database of its own first, which takes minutes on a busy machine. */
const STARTS_WITHIN_MS = 280_000;
const OWNER = { email: 'owner@example.com', firstName: 'Owner', lastName: 'Real', password: 'A-real-passw0rd' };
const SCOPES = ['workflow:create', 'workflow:activate', 'credential:create', 'execution:read', 'execution:list', 'execution:stop'];

/** A real server with one active workflow, whose webhook asks for the header `X-Hook-Key`. */
export interface RealN8n {
  url: string;
  /** Of the public API; the webhook asks for the same. */
  key: string;
  workflow: string;
  stop(): Promise<void>;
}

const stop = (child: ChildProcess): Promise<void> => new Promise((resolve) => {
  if (child.exitCode !== null || child.signalCode !== null) return resolve();
  child.once('exit', () => resolve());
  child.kill('SIGTERM');
});

const post = async <T>(address: string, json: object, headers: Record<string, string> = {}): Promise<{ body: T; cookies: string }> => {
  const response = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(json) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${address}: HTTP ${response.status} ${text.slice(0, 300)}`);
  return { body: JSON.parse(text) as T, cookies: response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ') };
};

/** An owner, the owner's key, and the workflow: what a person clicks together once. */
const setUp = async (url: string): Promise<{ key: string; workflow: string }> => {
  const { cookies } = await post(`${url}/rest/owner/setup`, OWNER);
  const { body: { data } } = await post<{ data: { rawApiKey: string } }>(`${url}/rest/api-keys`, { label: 'stellwerk', expiresAt: null, scopes: SCOPES }, { cookie: cookies });
  const headers = { 'x-n8n-api-key': data.rawApiKey };
  const { body: credential } = await post<{ id: string }>(`${url}/api/v1/credentials`, { name: 'hook', type: 'httpHeaderAuth', data: { name: 'X-Hook-Key', value: data.rawApiKey } }, headers);
  const { body: workflow } = await post<{ id: string }>(`${url}/api/v1/workflows`, announceWorkflow(credential.id), headers);
  await post(`${url}/api/v1/workflows/${workflow.id}/activate`, {}, headers);
  // Its webhook is there a little later; one without the key is refused then.
  await waitFor(async () => (await fetch(`${url}/webhook/announce`, { method: 'POST' })).status === 403, { what: 'the webhook of the workflow', timeoutMs: 60_000, everyMs: 500 });
  return { key: data.rawApiKey, workflow: workflow.id };
};

/** `bin`: its executable. On Postgres, as the SQLite that it has by default is built or downloaded when it is installed. */
export const startRealN8n = async (bin: string): Promise<RealN8n> => {
  const home = await tempDir('n8n');
  const postgres = await startTestPostgres();
  const database = new URL(postgres.url());
  const url = `http://127.0.0.1:${await freePort()}`;
  const server = spawn(process.execPath, [bin, 'start'], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH, HOME: home.path, N8N_USER_FOLDER: home.path, N8N_PORT: new URL(url).port, N8N_LISTEN_ADDRESS: '127.0.0.1', N8N_DIAGNOSTICS_ENABLED: 'false',
      N8N_VERSION_NOTIFICATIONS_ENABLED: 'false', N8N_TEMPLATES_ENABLED: 'false', DB_TYPE: 'postgresdb', DB_POSTGRESDB_HOST: database.hostname, DB_POSTGRESDB_PORT: database.port,
      DB_POSTGRESDB_DATABASE: database.pathname.slice(1), DB_POSTGRESDB_USER: database.username, DB_POSTGRESDB_PASSWORD: database.password,
    },
  });
  const stopAll = async (): Promise<void> => {
    await stop(server);
    await postgres.stop();
    await home.remove();
  };
  try {
    await waitFor(async () => (await fetch(`${url}/healthz/readiness`)).ok, { what: 'an n8n server', timeoutMs: STARTS_WITHIN_MS, everyMs: 500 });
    return { url, ...(await setUp(url)), stop: stopAll };
  } catch (error) {
    await stopAll();
    throw error;
  }
};
