import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createVerify, generateKeyPairSync } from 'node:crypto';
import { Secret } from '@stellwerk/service-kit';
import type { Secrets } from '@stellwerk/config';
import type { Connection } from '@stellwerk/connector-kit';
import { HttpClient } from '@stellwerk/http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppTokens } from './app-tokens.client.js';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
const secrets = { resolve: () => new Secret(keys.privateKey) } as unknown as Secrets;
const app = { id: '123', installation: '456', privateKey: { env: 'APP_KEY' } };
let server: Server;

const github = async (answer: (n: number) => { status: number; lives: number }) => {
  const jwts: string[] = [];
  server = createServer((request, response) => {
    jwts.push(request.headers.authorization!.replace('Bearer ', ''));
    const { status, lives } = answer(jwts.length);
    response.writeHead(status).end(JSON.stringify({ token: `ghs_${jwts.length}`, expires_at: new Date(Date.now() + lives).toISOString() }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { jwts, connection: { url, limits: { timeoutMs: 5_000, concurrency: 1 }, network: { allow: ['127.0.0.0/8'] } } as Connection };
};

afterEach(() => {
  vi.useRealTimers();
  server.close();
});

describe('installation tokens of an App', () => {
  it('are asked for under the signature of the App, once for all who need one', async () => {
    const { jwts, connection } = await github(() => ({ status: 201, lives: 3_600_000 }));
    const tokens = new AppTokens(new HttpClient());
    expect(await Promise.all([tokens.token(connection, app, secrets), tokens.token(connection, app, secrets)])).toContain('ghs_1');
    expect(await tokens.token(connection, app, secrets)).toMatch(/^ghs_/);
    const [header, claims, signature] = jwts[0]!.split('.');
    expect(createVerify('RSA-SHA256').update(`${header}.${claims}`).verify(keys.publicKey, signature!, 'base64url')).toBe(true);
    expect(JSON.parse(Buffer.from(claims!, 'base64url').toString())).toMatchObject({ iss: '123' });
    expect(jwts.length).toBe(1);
  });

  it('are renewed before they end', async () => {
    const { connection } = await github(() => ({ status: 201, lives: 60_000 }));
    const tokens = new AppTokens(new HttpClient());
    expect([await tokens.token(connection, app, secrets), await tokens.token(connection, app, secrets)]).toEqual(['ghs_1', 'ghs_2']);
  });

  it('are asked for again after a refusal', async () => {
    const { connection } = await github((n) => ({ status: n === 1 ? 401 : 201, lives: 3_600_000 }));
    const tokens = new AppTokens(new HttpClient());
    await expect(tokens.token(connection, app, secrets)).rejects.toThrow(/no token for installation 456/);
    expect(await tokens.token(connection, app, secrets)).toBe('ghs_2');
  });

  it('are asked for anew when the platform takes them no longer, but not over and over', async () => {
    const { connection } = await github(() => ({ status: 201, lives: 3_600_000 }));
    const tokens = new AppTokens(new HttpClient());
    const next = async (): Promise<string> => {
      tokens.forget(connection.url, app);
      return tokens.token(connection, app, secrets);
    };
    vi.useFakeTimers({ toFake: ['Date'] });
    expect([await tokens.token(connection, app, secrets), await next()]).toEqual(['ghs_1', 'ghs_1']);
    vi.setSystemTime(Date.now() + 60_000);
    expect([await next(), await next()]).toEqual(['ghs_2', 'ghs_2']);
  });
});
