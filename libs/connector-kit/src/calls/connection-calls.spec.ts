import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpClient } from '@stellwerk/http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Connection } from '../connection.js';
import { CredentialsRefused, Held, ReadFailed } from './call.errors.js';
import { ConnectionCalls } from './connection-calls.js';
import { UNGUARDED } from './platform-request.js';
import type { ConnectionCallsOptions } from './shared-calls.js';

let server: Server;
afterEach(() => server?.close());

/** A platform that answers so, one after the other; the last stays. */
const platform = async (statuses: readonly number[], more: Partial<ConnectionCallsOptions> = {}) => {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(statuses[Math.min(asked.length, statuses.length) - 1]!).end('{"message":"thus spoke the test"}');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = { name: 'c', url, limits: { timeoutMs: 1_000, concurrency: 2 }, network: { allow: ['127.0.0.0/8'] } } as Connection;
  const told: string[] = [];
  const calls = new ConnectionCalls({
    connection, http: new HttpClient(), probePath: '/probe', credentials: () => ({ authorization: 'token' }), onChange: () => told.push('changed'), onRefused: () => told.push('refused'), ...more,
  });
  return { asked, told, calls, write: () => calls.write({ method: 'POST', path: '/start' }, UNGUARDED) };
};

describe('a 401', () => {
  it('is asked once more while the credentials are new, as not every server knows them yet', async () => {
    const { asked, told, write } = await platform([401, 201], { areNew: () => true });
    expect((await write()).status).toBe(201);
    expect(asked).toEqual(['POST /start', 'POST /start']);
    expect(told).toEqual([]);
  });

  it('is believed the second time, and at once of credentials that are not new', async () => {
    const stubborn = await platform([401], { areNew: () => true });
    await expect(stubborn.write()).rejects.toThrow(/does not take the credentials of connection c/);
    expect(stubborn.asked).toEqual(['POST /start', 'POST /start', 'GET /probe']);
    server.close();
    const old = await platform([401], { areNew: () => false });
    await expect(old.write()).rejects.toThrow(Held);
    expect(old.asked).toEqual(['POST /start', 'GET /probe']);
    expect(old.told).toEqual(['refused', 'changed']);
  });

  it('is not asked again when whoever ordered the call has lost the right to it meanwhile', async () => {
    const { asked, calls } = await platform([401, 201], { areNew: () => true });
    let may = true;
    const guard = { beforeSend: async () => undefined, maySend: () => may && !(may = false) };
    await expect(calls.write({ method: 'POST', path: '/start' }, guard)).rejects.toThrow();
    expect(asked).toEqual(['POST /start']);
  });
});

describe('credentials that the platform does not give', () => {
  const until = new Date(Date.now() + 30_000);
  const refused = () => {
    throw new CredentialsRefused('the App is not installed', until);
  };

  it('pause the connection as refused ones do, before any call', async () => {
    const { asked, told, calls, write } = await platform([201], { credentials: refused });
    const held = await write().catch((error: unknown) => error);
    expect(held).toMatchObject({ gate: 'paused', until, message: expect.stringContaining('the App is not installed') });
    expect(calls.gates).toMatchObject({ paused: expect.stringContaining('the App is not installed'), closedUntil: until });
    await expect(calls.read('/x')).rejects.toThrow(ReadFailed);
    expect(asked).toEqual([]);
    expect(told).toEqual(['changed', 'changed']);
  });

  it('let it go on as soon as there are some', async () => {
    let given = false;
    const { calls, write } = await platform([201], { credentials: () => (given ? { authorization: 'token' } : refused()) });
    await expect(write()).rejects.toThrow(Held);
    given = true;
    expect((await write()).status).toBe(201);
    expect(calls.gates.paused).toBeUndefined();
  });
});
