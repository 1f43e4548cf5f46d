import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../wait-for.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

let echo: Server;
let proxy: TcpProxy;
const open: Socket[] = [];

beforeAll(async () => {
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  proxy = await startTcpProxy({ port: (echo.address() as AddressInfo).port });
});

afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
  proxy.heal();
});

afterAll(async () => {
  await proxy.close();
  echo.close();
});

// Not `once`: it rejects on the error that comes before.
const closeOf = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));

const dial = async (): Promise<{ socket: Socket; heard: () => string }> => {
  const socket = connect(proxy.port, '127.0.0.1');
  open.push(socket);
  let text = '';
  socket.on('data', (bytes) => { text += bytes.toString(); });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return { socket, heard: () => text };
};

describe('a line', () => {
  it('carries bytes both ways, late when it is slow', async () => {
    const { socket, heard } = await dial();
    socket.write('hello');
    await waitFor(() => heard() === 'hello', { what: 'the echo' });
    proxy.delay(150);
    const began = Date.now();
    socket.write('!');
    await waitFor(() => heard() === 'hello!', { what: 'the late echo' });
    expect(Date.now() - began).toBeGreaterThanOrEqual(290);
  });

  it('that is cut resets what is on it, and refuses until it is healed', async () => {
    const { socket } = await dial();
    const closed = closeOf(socket);
    proxy.cut({ refuse: true });
    await closed;
    await closeOf(connect(proxy.port, '127.0.0.1').on('error', () => undefined));
    proxy.heal();
    const again = await dial();
    again.socket.write('back');
    await waitFor(() => again.heard() === 'back', { what: 'the echo after healing' });
  });

  it('that is half-open stays up and swallows everything, and is reset when it heals', async () => {
    const { socket, heard } = await dial();
    socket.write('a');
    await waitFor(() => heard() === 'a', { what: 'the first echo' });
    proxy.swallow();
    socket.write('lost');
    const other = await dial();
    other.socket.write('lost too');
    await waitFor(() => proxy.swallowed === 'lost'.length + 'lost too'.length, { what: 'the bytes to be swallowed' });
    expect([heard(), other.heard(), socket.destroyed]).toEqual(['a', '', false]);
    const closed = closeOf(socket);
    proxy.heal();
    await closed;
  });

  it('that is half-open in one direction carries the other', async () => {
    const { socket, heard } = await dial();
    proxy.swallow('down');
    const before = proxy.swallowed;
    socket.write('gone');
    await waitFor(() => proxy.swallowed - before === 'gone'.length, { what: 'the echo to be swallowed' });
    expect(heard()).toBe('');
    const closed = closeOf(socket);
    proxy.heal();
    await closed;
  });
});
