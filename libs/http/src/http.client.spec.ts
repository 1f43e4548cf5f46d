import { createServer } from 'node:http';
import { createServer as createTcp, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { call, closeServers, failure, listen, serve } from '../spec/local-server.js';
import { MalformedResponse } from './http.errors.js';

afterEach(closeServers);

describe('the outgoing client', () => {
  it('gives status, headers and text of an answer', async () => {
    const url = await serve((_, response) => response.writeHead(201, { 'x-a': '1' }).end('{"a":1}'));
    const answer = await call(url);
    expect(answer).toMatchObject({ status: 201, text: '{"a":1}' });
    expect(answer.headers['x-a']).toBe('1');
    expect(answer.json()).toEqual({ a: 1 });
  });

  it('returns a redirect instead of following it', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end());
    expect(await call(url)).toMatchObject({ status: 302 });
  });

  it('says of a body that is no JSON that it is malformed', async () => {
    const url = await serve((_, response) => response.end('<html>'));
    const answer = await call(url);
    expect(() => answer.json()).toThrow(MalformedResponse);
  });

  it('knows that a refused connection was not sent', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await failure(call(`http://127.0.0.1:${port}`))).toMatchObject({ phase: 'not-sent', kind: 'refused' });
  });

  it('says nothing of a path that is a secret', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const { message } = await failure(call(`http://127.0.0.1:${port}/services/T0/SECRET?key=SECRET`, { secretPath: true }));
    expect(message).toContain(`POST http://127.0.0.1:${port}/***`);
    expect(message).not.toContain('SECRET');
  });

  it('knows that an unknown host was not sent', async () => {
    expect(await failure(call('https://no-such-host.invalid'))).toMatchObject({ phase: 'not-sent', kind: 'dns' });
  });

  it('knows that a failed TLS handshake was not sent', async () => {
    const port = await listen(createTcp((socket) => socket.end('this is no TLS\r\n\r\n')));
    expect(await failure(call(`https://127.0.0.1:${port}`))).toMatchObject({ phase: 'not-sent', kind: 'tls' });
  });

  it('knows that a connection cut before TLS was up was not sent', async () => {
    const port = await listen(createTcp((socket) => socket.destroy()));
    expect(await failure(call(`https://127.0.0.1:${port}`))).toMatchObject({ phase: 'not-sent' });
  });

  it('knows that a connection that hangs in TLS was not sent', async () => {
    const sockets: Socket[] = [];
    const port = await listen(createTcp((socket) => sockets.push(socket)));
    expect(await failure(call(`https://127.0.0.1:${port}`, { timeoutMs: 200 }))).toMatchObject({ phase: 'not-sent', kind: 'timeout' });
    sockets.forEach((socket) => socket.destroy());
  });

  it('takes a reset after the request for sent', async () => {
    const url = await serve((request) => request.socket.destroy());
    expect(await failure(call(url))).toMatchObject({ phase: 'sent', kind: 'reset' });
  });

  it('takes an answer that does not come for sent', async () => {
    const url = await serve(() => undefined);
    expect(await failure(call(url, { timeoutMs: 2_000 }))).toMatchObject({ phase: 'sent', kind: 'timeout' });
  });

  it('ends within its time also when the body trickles', async () => {
    const url = await serve((_, response) => void response.writeHead(200).write('{'));
    expect(await failure(call(url, { timeoutMs: 2_000 }))).toMatchObject({ phase: 'sent', kind: 'timeout' });
  });

  it('does not read more than it may', async () => {
    const url = await serve((_, response) => response.end('x'.repeat(5_000)));
    expect(await failure(call(url, { maxBytes: 1_000 }))).toMatchObject({ phase: 'sent', kind: 'too-large' });
  });

  it.each(['http://127.0.0.1:9', 'http://localhost:9', 'https://10.0.0.1', 'https://[::1]', 'http://2130706433', 'https://169.254.169.254/latest'])('refuses %s unless it is listed', async (url) => {
    expect(await failure(call(url, { allow: [] }))).toMatchObject({ phase: 'not-sent', kind: 'blocked' });
  });

  it.each(['ftp://example.org', 'file:///etc/passwd', 'nonsense', 'https://user:secret@example.org/'])('refuses %s', async (url) => {
    const error = await failure(call(url));
    expect(error).toMatchObject({ phase: 'not-sent', kind: 'blocked' });
    expect(error.message).not.toContain('secret');
  });

  it('reaches a listed name by its listed address', async () => {
    const url = await serve((_, response) => response.end('ok'));
    expect(await call(url.replace('127.0.0.1', 'localhost'))).toMatchObject({ status: 200, text: 'ok' });
  });

  it('keeps the query out of its errors', async () => {
    const url = await serve((request) => request.socket.destroy());
    expect((await failure(call(`${url}/x?token=hidden`))).message).not.toContain('hidden');
  });

  it('sends nothing once the caller has given up', async () => {
    let hits = 0;
    const url = await serve((_, response) => {
      hits += 1;
      response.end();
    });
    expect(await failure(call(url, { signal: AbortSignal.abort() }))).toMatchObject({ phase: 'not-sent' });
    expect(hits).toBe(0);
  });
});
