import { createServer, type AddressInfo, type Socket } from 'node:net';
import { HttpFailure } from '@stellwerk/http';
import { tempDir } from '@stellwerk/testing';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { certificateIn } from '../../test/certificate.js';
import { MailServer } from '../../test/mail-server.js';
import { digestOf, NOTICE, saying } from '../../test/notices.js';
import type { Notice } from '../plan/notice.js';
import { mailChannel } from './mail.channel.js';
import { SmtpClient, type MailServer as Target } from './smtp.client.js';

const client = new SmtpClient();
let server: MailServer;
const CHANNEL = { from: 'Stellwerk <ci@example.com>', to: ['one@example.com', 'Two <two@example.com>'] };

beforeAll(async () => { server = await MailServer.start(); });
afterEach(() => {
  server.clear();
  server.mails.length = 0;
});
afterAll(() => server?.close());

const target = (more: Partial<Target> = {}): Target => ({ host: '127.0.0.1', port: server.port, tls: 'none', allow: ['127.0.0.0/8'], timeoutMs: 10_000, ...more });
const send = (notice: Notice = NOTICE, more: Partial<Target> = {}, channel = CHANNEL) => client.send(mailChannel.mail({ id: 'msg_1', notice }, channel), target(more));
const failureOf = async (promise: Promise<unknown>): Promise<HttpFailure> => {
  const error = await promise.then(() => undefined, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HttpFailure);
  return error as HttpFailure;
};

const listening = async (handle: (socket: Socket) => void): Promise<{ port: number; close(): void }> => {
  const sockets: Socket[] = [];
  const one = createServer((socket) => (sockets.push(socket.on('error', () => undefined)), handle(socket)));
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    one.close();
  };
  return { port: (one.address() as AddressInfo).port, close };
};

describe('a mail that a server takes', () => {
  it('is read by another program as it was meant', async () => {
    expect(await send()).toEqual({ code: 250, said: '' });
    const [{ mail, raw, from, to }] = server.mails as [MailServer['mails'][number]];
    expect([from, to]).toEqual(['ci@example.com', ['one@example.com', 'two@example.com']]);
    expect(mail).toMatchObject({ subject: '❌ release failed (acme/shop @ main)', messageId: '<msg_1@example.com>', from: { text: '"Stellwerk" <ci@example.com>' } });
    expect(mail.text).toContain('Step: e2e failed: 3 tests failed');
    expect(mail.html).toContain('<strong>❌ release failed</strong>');
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(raw).toMatch(/^X-Stellwerk-Flow: release\r$/m);
  });

  it('is one of a thread with all others of its run, and of no other', async () => {
    for (const run of ['run-1', 'run-1', 'run-2']) await send({ ...NOTICE, run });
    const threads = server.mails.map(({ mail }) => mail.inReplyTo);
    expect(threads[0]).toBe(threads[1]);
    expect(threads[2]).not.toBe(threads[0]);
    expect(server.mails.map(({ mail }) => mail.references)).toEqual(threads);
  });

  it('of many runs names the flows of all of them, which filters look for', async () => {
    await send(digestOf([NOTICE, { ...NOTICE, flow: 'nightly' }, NOTICE]));
    expect(server.mails.map(({ mail }) => mail.headers.get('x-stellwerk-flow'))).toEqual(['release, nightly']);
  });

  it.each(['x\r\nBcc: victim@example.com\r\n\r\nbody', 'x\n.\r\nMAIL FROM:<evil@example.com>', '\r\n.\r\n', '=?utf-8?q?Bcc:_v=40example.com?=', '😀'.repeat(500)])('has the headers, the recipients and the end that we gave it, whatever a branch is called: %j', async (text) => {
    await send(saying(text));
    expect(server.mails).toHaveLength(1);
    const [{ mail, to, raw }] = server.mails as [MailServer['mails'][number]];
    expect(to).toEqual(['one@example.com', 'two@example.com']);
    expect([...mail.headers.keys()].sort()).toEqual(['auto-submitted', 'content-type', 'date', 'from', 'in-reply-to', 'message-id', 'mime-version', 'references', 'subject', 'to', 'x-stellwerk-flow']);
    for (const line of raw.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(998);
  });
});

describe('what a server says', () => {
  it.each([
    [{ at: 'connect', code: 421 }, 421], [{ at: 'from', code: 451 }, 451], [{ at: 'data', code: 452 }, 452], [{ at: 'from', code: 550 }, 550], [{ at: 'data', code: 554 }, 554],
  ] as const)('is its answer: %j', async (fault, code) => {
    server.next(fault);
    expect(await send()).toMatchObject({ code, said: expect.stringContaining('not now') });
    expect(server.mails).toEqual([]);
  });

  it('holds no address', async () => {
    server.next({ at: 'to', code: 550, recipient: 'one@example.com' });
    expect(await send(NOTICE, {}, { ...CHANNEL, to: ['one@example.com'] })).toEqual({ code: 550, said: expect.stringMatching(/^550 .*\*\*\*.*not here$/) });
  });

  it('names those of several recipients whom it did not take', async () => {
    server.next({ at: 'to', code: 550, recipient: 'two@example.com' });
    expect(await send()).toMatchObject({ code: 250, refused: [{ recipient: 1, code: 550 }] });
    expect(server.mails).toMatchObject([{ to: ['one@example.com'] }]);
  });
});

describe('no answer', () => {
  it('is "not sent" where the mail cannot have left', async () => {
    server.next({ cut: 'before-data' });
    expect(await failureOf(send())).toMatchObject({ phase: 'not-sent', kind: 'reset' });
    expect(server.mails).toEqual([]);
    const hangsUp = await listening((socket) => socket.destroy());
    expect(await failureOf(send(NOTICE, { port: hangsUp.port }))).toMatchObject({ phase: 'not-sent', kind: 'reset' });
    hangsUp.close();
    expect(await failureOf(send(NOTICE, { port: hangsUp.port }))).toMatchObject({ phase: 'not-sent', kind: 'refused' });
  });

  it('is "sent" once the mail may have left, cut or silent', async () => {
    server.next({ cut: 'after-data' });
    expect(await failureOf(send())).toMatchObject({ phase: 'sent', kind: 'reset' });
    server.next({ hang: 'after-data' });
    expect(await failureOf(send(NOTICE, { timeoutMs: 3_000 }))).toMatchObject({ phase: 'sent', kind: 'timeout' });
    expect(server.mails).toHaveLength(2);
  });

  it('is not waited for longer than told, by a server that says nothing at all', async () => {
    const silent = await listening(() => undefined);
    expect(await failureOf(send(NOTICE, { port: silent.port, timeoutMs: 500 }))).toMatchObject({ phase: 'not-sent', kind: 'timeout' });
    silent.close();
  });
});

it('a mail is not handed over by one whose turn is over by then', async () => {
  expect(await failureOf(send(NOTICE, { maySend: () => false }))).toMatchObject({ phase: 'not-sent', kind: 'withheld' });
  expect(server.mails).toEqual([]);
});

describe('a private address', () => {
  it('is not gone to unless it is listed', async () => {
    const before = server.connections;
    for (const host of ['127.0.0.1', 'localhost']) expect(await failureOf(send(NOTICE, { host, allow: [] }))).toMatchObject({ phase: 'not-sent', kind: 'blocked' });
    expect(server.connections).toBe(before);
  });
});

describe('a login', () => {
  const LOGIN = { user: 'robot', password: 'pa55word' };
  const logins: unknown[] = [];
  let ours: Awaited<ReturnType<typeof certificateIn>>;

  beforeAll(async () => {
    const dir = await tempDir('smtp-client');
    ours = await certificateIn(dir.path);
    await dir.remove();
  });

  const withLogin = (options: SMTPServerOptions) => MailServer.start({ key: ours.key, cert: ours.cert, ...options, onAuth: ({ username, password }, _, done) => (logins.push([username, password]), done(null, { user: username })) });

  it.each([
    ['without STARTTLS', 'starttls', { disabledCommands: ['STARTTLS'], allowInsecureAuth: true }], ['with a certificate that nobody vouches for', 'starttls', { disabledCommands: [] }],
    ['with such a one from the first byte', 'implicit', { secure: true }], ['that speaks no TLS from the first byte', 'implicit', { allowInsecureAuth: true }],
  ] as const)('is not told to a server %s, nor is the mail', async (_, tls, options) => {
    const other = await withLogin(options as SMTPServerOptions);
    expect(await failureOf(send(NOTICE, { host: 'localhost', port: other.port, tls, ...LOGIN }))).toMatchObject({ phase: 'not-sent', kind: 'tls' });
    expect([logins, other.mails]).toEqual([[], []]);
    await other.close();
  });
});
