import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Secrets } from '@stellwerk/config';
import { CredentialsRefused, Held, NeverSent, NotSent, type Connection } from '@stellwerk/connector-kit';
import { HttpClient } from '@stellwerk/http';
import { Secret } from '@stellwerk/service-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppTokens } from './app-tokens.client.js';

const newKey = (): string => generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } }).privateKey;
const app = { id: '123', installation: '456', privateKey: { env: 'APP_KEY' } };
const HOUR = 3_600_000;
let key = newKey();
const secrets = { resolve: () => new Secret(key) } as unknown as Secrets;
let server: Server;

interface Said {
  status?: number;
  lives?: number;
  headers?: Record<string, string>;
  body?: string;
  token?: string;
}

/** GitHub's answers, one after the other; the last stays. */
const github = async (...answers: Said[]) => {
  const claims: { iat: number; exp: number }[] = [];
  server = createServer((request, response) => {
    claims.push(JSON.parse(Buffer.from(request.headers.authorization!.split('.')[1]!, 'base64url').toString()) as { iat: number; exp: number });
    const { status = 201, lives = HOUR, headers = {}, body, token = `ghs_${claims.length}` } = answers[Math.min(claims.length, answers.length) - 1] ?? {};
    response.writeHead(status, { date: new Date().toUTCString(), ...headers }).end(body ?? JSON.stringify(status === 201 ? { token, expires_at: new Date(Date.now() + lives).toISOString() } : { message: 'thus spoke the test' }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = { name: 'github', url, limits: { timeoutMs: 5_000, concurrency: 1 }, network: { allow: ['127.0.0.0/8'] } } as Connection;
  const tokens = new AppTokens(new HttpClient());
  return { claims, connection, tokens, token: () => tokens.token(connection, app, secrets) };
};

const later = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => {
  vi.useRealTimers();
  server?.close();
});

describe('installation tokens of an App', () => {
  it('are asked for once for all who need one, and kept', async () => {
    const { claims, token } = await github();
    expect(await Promise.all([token(), token(), token()])).toEqual(['ghs_1', 'ghs_1', 'ghs_1']);
    expect([await token(), claims.length]).toEqual(['ghs_1', 1]);
  });

  it.each([`ghs_${'a'.repeat(36)}`, `ghs_123_${'eyJ0'.repeat(60)}.${'eyJ1'.repeat(200)}.${'x'.repeat(400)}`])('are taken whatever their form: %.20s', async (form) => {
    const { token } = await github({ token: form });
    expect(await token()).toBe(form);
  });

  it('are renewed before they end, once for all who ask meanwhile', async () => {
    const { claims, token } = await github();
    await token();
    later(HOUR - 299_000);
    expect(await Promise.all([token(), token()])).toEqual(['ghs_2', 'ghs_2']);
    expect(claims.length).toBe(2);
  });

  it('are used until they end when they cannot be renewed', async () => {
    const { claims, token } = await github({}, { status: 503 });
    await token();
    later(HOUR - 120_000);
    expect([await token(), await token(), claims.length]).toEqual(['ghs_1', 'ghs_1', 2]);
    later(100_000);
    await expect(token()).rejects.toThrow(NotSent);
  });

  it.each([401, 403, 404, 422])('are not asked for over and over when GitHub refuses the App with %i, but at once with another key', async (status) => {
    const { claims, token } = await github({ status }, { status }, {});
    const refused = await token().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(CredentialsRefused);
    expect((refused as Error).message).toMatch(/installation 456 of App 123, connection github: HTTP 4\d\d: thus spoke the test/);
    for (let call = 0; call < 5; call += 1) await expect(token()).rejects.toBe(refused);
    expect(claims.length).toBe(1);
    later(30_000);
    await expect(token()).rejects.toThrow(CredentialsRefused);
    expect(claims.length).toBe(2);
    key = newKey();
    expect(await token()).toBe('ghs_3');
  });

  it('are waited for when GitHub limits the calls, which refuses nobody', async () => {
    const { claims, token } = await github({ status: 403, headers: { 'x-ratelimit-remaining': '0', 'retry-after': '7' } }, {});
    const held = await token().catch((error: unknown) => error);
    expect(held).toBeInstanceOf(Held);
    expect((held as Held).until.getTime() - Date.now()).toBe(7_000);
    await expect(token()).rejects.toBe(held);
    later(7_000);
    expect([await token(), claims.length]).toEqual(['ghs_2', 2]);
  });

  it('are asked for by the clock of GitHub where ours differs', async () => {
    const ahead = new Date(Date.now() + 1_200_000);
    const { claims, token } = await github({ status: 401, headers: { date: ahead.toUTCString() } }, {});
    expect(await token()).toBe('ghs_2');
    expect(claims[1]!.iat - claims[0]!.iat).toBeGreaterThanOrEqual(1_199);
  });

  it.each(['{"token": "ghs_1", "unfinis', 'null', '{"token":"ghs_1","expires_at":"soon"}'])('are none when the answer is %s', async (body) => {
    const { token } = await github({ body });
    await expect(token()).rejects.toThrow(/something else than \{ token, expires_at \}/);
  });

  it('are not asked for at an address that is not allowed', async () => {
    const { connection, tokens } = await github();
    await expect(tokens.token({ ...connection, network: { allow: [] } }, app, secrets)).rejects.toThrow(NeverSent);
  });

  it('are asked for anew when the platform takes them no longer, but not over and over', async () => {
    const { connection, tokens, token } = await github();
    const next = async (): Promise<string> => {
      tokens.forget(connection.url, app);
      return token();
    };
    expect([await token(), await next()]).toEqual(['ghs_1', 'ghs_1']);
    later(60_000);
    expect([await next(), await next()]).toEqual(['ghs_2', 'ghs_2']);
  });

  it('are new for five seconds', async () => {
    const { connection, tokens, token } = await github();
    expect(tokens.isNew(connection.url, app)).toBe(false);
    await token();
    expect(tokens.isNew(connection.url, app)).toBe(true);
    later(5_000);
    expect(tokens.isNew(connection.url, app)).toBe(false);
  });
});
