import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeServers, failure, listen } from '../spec/local-server.js';
import { openGuardedSocket } from './guarded-socket.js';

const dns = vi.hoisted(() => ({ answers: [] as string[][], asked: 0 }));

vi.mock('node:dns', async (original) => ({
  ...(await original<typeof import('node:dns')>()),
  lookup: (_host: string, _options: unknown, done: (error: Error | null, found: LookupAddress[]) => void) => {
    const answer = dns.answers[Math.min(dns.asked, dns.answers.length - 1)]!;
    dns.asked += 1;
    setImmediate(done, null, answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  },
}));

/** Public by its range; nobody answers there on such a port (AS112, RFC 7534), and no test waits for it. */
const PUBLIC = '192.175.48.127';
const LOOPBACK = ['127.0.0.0/8'];
let port: number;
let hits: number;

beforeEach(async () => {
  [hits, dns.asked] = [0, 0];
  const server = createServer((socket) => {
    hits += 1;
    socket.on('error', () => undefined).end('hello');
  });
  port = await listen(server);
});
afterEach(closeServers);

const open = (host: string, more: { secure?: boolean; allow?: string[] } = {}) => openGuardedSocket({ host, port, secure: true, allow: [], timeoutMs: 400, ...more });

describe('a guarded socket', () => {
  it.each(['mail.example', '127.0.0.1'])('goes to %s when the operator has listed its address, with TLS to come or without', async (host) => {
    dns.answers = [['127.0.0.1']];
    for (const secure of [true, false]) {
      const socket = await open(host, { secure, allow: LOOPBACK });
      expect(String((await once(socket, 'data'))[0])).toBe('hello');
      socket.destroy();
    }
    expect(hits).toBe(2);
  });

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254', '10.0.0.1', '100.64.0.1', 'fd00::1', '0.0.0.0'])('does not go to %s, by name or as it is', async (address) => {
    dns.answers = [[address]];
    for (const host of ['mail.example', address]) expect(await failure(open(host))).toMatchObject({ phase: 'not-sent', kind: 'blocked' });
    expect(hits).toBe(0);
  });

  it('does not go where one of several addresses is private', async () => {
    dns.answers = [[PUBLIC, '127.0.0.1']];
    expect(await failure(open('mail.example'))).toMatchObject({ kind: 'blocked' });
  });

  it('goes to the address that was checked, whatever the name server says next', async () => {
    dns.answers = [[PUBLIC], ['127.0.0.1']];
    expect(await failure(open('mail.example'))).toMatchObject({ phase: 'not-sent' });
    expect([dns.asked, hits]).toEqual([1, 0]);
  });

  it('does not go to the public without TLS to come', async () => {
    dns.answers = [[PUBLIC]];
    expect(await failure(open('mail.example', { secure: false }))).toMatchObject({ kind: 'blocked' });
  });

  it('says that nothing was sent when nobody listens', async () => {
    closeServers();
    expect(await failure(open('127.0.0.1', { allow: LOOPBACK }))).toMatchObject({ phase: 'not-sent', kind: 'refused' });
  });
});
