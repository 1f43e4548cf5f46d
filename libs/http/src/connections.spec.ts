import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcp, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { call, closeServers, failure, listen, serve } from '../spec/local-server.js';

afterEach(closeServers);

describe('the connections of the outgoing client', () => {
  it('keeps a connection for the next write', async () => {
    const sockets = new Set<Socket>();
    const url = await serve((request, response) => {
      sockets.add(request.socket);
      response.end();
    });
    for (let n = 0; n < 10; n += 1) await call(url);
    // One may still be reading the end of an answer when the next call goes out.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it('writes on no connection that the other side has closed or was idle for long', async () => {
    const sockets: Socket[] = [];
    const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
      sockets.push(request.socket);
      response.end();
    });
    const url = `http://127.0.0.1:${await listen(server)}`;
    await call(url);
    const idle = once(sockets[0]!, 'close');
    await idle; // Closed by the client: the server would keep it for two minutes.
    await call(url);
    const reset = once(sockets[1]!, 'close');
    sockets[1]!.destroy();
    await reset;
    await call(url);
    expect(new Set(sockets).size).toBe(3);
  });

  it('asks the caller at the moment of the first byte, and sends nothing when it says no', async () => {
    const bytes: string[] = [];
    const port = await listen(createTcp((socket) => void socket.on('data', (data) => bytes.push(String(data)))));
    const asked: number[] = [];
    const maySend = (): boolean => {
      asked.push(bytes.length);
      return false;
    };
    expect(await failure(call(`http://127.0.0.1:${port}`, { maySend }))).toMatchObject({ phase: 'not-sent', kind: 'withheld' });
    expect([asked, bytes]).toEqual([[0], []]);
  });

  it('does not lend a connection that one rule opened to another', async () => {
    const url = await serve((_, response) => response.end());
    await call(url, { method: 'GET', body: undefined });
    expect(await failure(call(url.replace('127.0.0.1', 'localhost'), { method: 'GET', body: undefined, allow: [] }))).toMatchObject({ kind: 'blocked' });
  });
});
