import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { call, closeServers, failure, listen } from '../spec/local-server.js';

type Answer = string[];

/** What the name server says to the first question, the second …; the last answer stays. */
const dns = vi.hoisted(() => ({ answers: [] as Answer[], asked: [] as string[] }));

vi.mock('node:dns', async (original) => ({
  ...(await original<typeof import('node:dns')>()),
  lookup: (host: string, _options: unknown, done: (error: Error | null, found: LookupAddress[]) => void) => {
    const answer = dns.answers[Math.min(dns.asked.length, dns.answers.length - 1)]!;
    dns.asked.push(host);
    setImmediate(done, null, answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  },
}));

/** Public by its range; nobody answers there on such a port (AS112, RFC 7534), and no test waits for it. */
const PUBLIC = '192.175.48.127';
let port: number;
let hits: number;

beforeEach(async () => {
  [hits, dns.asked] = [0, []];
  const server = createServer((_, response) => void response.end());
  server.on('connection', () => void (hits += 1));
  port = await listen(server);
});
afterEach(closeServers);

const hostile = (path = '/'): string => `https://rebind.example:${port}${path}`;

describe('a name that resolves to something else the second time', () => {
  it('is asked once for a connection, which goes to the address that was checked', async () => {
    dns.answers = [[PUBLIC], ['127.0.0.1']];
    expect(await failure(call(hostile(), { allow: [], timeoutMs: 500 }))).toMatchObject({ phase: 'not-sent' });
    expect([dns.asked, hits]).toEqual([['rebind.example'], 0]);
  });

  it('is checked anew for the next connection', async () => {
    dns.answers = [[PUBLIC], ['127.0.0.1']];
    await failure(call(hostile(), { allow: [], timeoutMs: 300 }));
    expect(await failure(call(hostile(), { allow: [] }))).toMatchObject({ phase: 'not-sent', kind: 'blocked' });
    expect(hits).toBe(0);
  });

  it.each([
    [['127.0.0.1']], [['::1']], [['::ffff:127.0.0.1']], [['::ffff:7f00:1']], [['64:ff9b::7f00:1']], [['2002:7f00:1::']], [['169.254.169.254']], [['::ffff:169.254.169.254']], [['fe80::1']], [['fd00:ec2::254']],
    [['100.64.0.1']], [['100.127.255.254']], [['10.0.0.1']], [['0.0.0.0']], [['::']], [[PUBLIC, '127.0.0.1']], [['127.0.0.1', PUBLIC]], [[PUBLIC, 'fd00::1']],
  ])('is refused at %j', async (answer) => {
    dns.answers = [answer];
    expect(await failure(call(hostile(), { allow: [] }))).toMatchObject({ phase: 'not-sent', kind: 'blocked' });
    expect(hits).toBe(0);
  });

  it('is refused over plain http, be it public', async () => {
    dns.answers = [[PUBLIC]];
    expect(await failure(call(`http://rebind.example:${port}/`, { allow: [] }))).toMatchObject({ phase: 'not-sent', kind: 'blocked' });
  });

  it('reaches a listed network only by its listed address', async () => {
    dns.answers = [['127.0.0.1', PUBLIC]];
    expect(await call(`http://rebind.example:${port}/`, { allow: ['127.0.0.0/8'] })).toMatchObject({ status: 200 });
    expect(hits).toBe(1);
  });
});

describe('an address that is written in another way', () => {
  it.each([
    'https://2130706433', 'https://0x7f000001', 'https://0177.0.0.1', 'https://0x7f.1', 'https://127.1', 'https://127.0.0.1.', 'https://①②⑦.0.0.1', 'https://[::ffff:127.0.0.1]', 'https://[::ffff:7f00:1]',
    'https://[0:0:0:0:0:0:0:1]', 'https://[64:ff9b::127.0.0.1]', 'https://2852039166/latest/meta-data', 'https://0xa9fea9fe', 'https://[::ffff:a9fe:a9fe]', 'https://[fe80::1]', 'https://100.64.0.1', 'https://0',
  ])('%s is refused without a question to anybody', async (url) => {
    expect(await failure(call(url, { allow: [] }))).toMatchObject({ phase: 'not-sent', kind: 'blocked' });
    expect(dns.asked).toEqual([]);
  });
});
