import { Agent, request, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sleep } from './backoff.js';
import { DoorServer } from './door-server.js';

let door: DoorServer;
let agent: Agent;
let port: number;
const held: ServerResponse[] = [];

beforeEach(async () => {
  agent = new Agent({ keepAlive: true });
  door = new DoorServer();
  door.furnish({ port: 0, host: '127.0.0.1', headersMs: 300, requestMs: 600, listener: (incoming, response) => {
    if (incoming.url === '/held') held.push(response);
    else incoming.resume().on('end', () => response.end('ok'));
  } });
  await new Promise<void>((resolve) => { door.server.listen(0, '127.0.0.1', resolve); });
  port = (door.server.address() as AddressInfo).port;
});

afterEach(() => {
  agent.destroy();
  held.length = 0;
  door.server.closeAllConnections();
  door.server.close();
});

const get = (path: string): Promise<{ status?: number; connection?: string }> => new Promise((resolve, reject) => {
  request({ port, host: '127.0.0.1', path, agent }, (response) => {
    response.resume().on('end', () => resolve({ status: response.statusCode, connection: response.headers.connection }));
  }).on('error', reject).end();
});

/** What the server says to bytes that come and then stop. */
const afterSilence = (text: string): Promise<string> => new Promise((resolve, reject) => {
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  let answer = '';
  socket.on('data', (data) => { answer += data.toString(); });
  socket.on('close', () => resolve(answer));
  socket.on('error', reject);
});

describe('a door that is left', () => {
  it('lets what is under way end, and tells its client to go', async () => {
    const underWay = get('/held');
    await expect.poll(() => held.length, { timeout: 10_000 }).toBe(1);
    const left = door.leave(0);
    held[0]!.end('late');
    expect(await underWay).toEqual({ status: 200, connection: 'close' });
    await left;
  });

  it('still serves who comes on an open connection, once', async () => {
    expect(await get('/')).toEqual({ status: 200, connection: 'keep-alive' });
    const left = door.leave(0);
    expect(await get('/')).toEqual({ status: 200, connection: 'close' });
    await left;
    await new Promise<void>((resolve) => { door.server.close(() => resolve()); });
    await expect(get('/')).rejects.toThrow('ECONNREFUSED');
  });

  it('is left at once when nobody is there, else as late as it is told', async () => {
    const order: string[] = [];
    await Promise.all([sleep(290).then(() => order.push('the time for clients')), door.leave(0).then(() => order.push('left'))]);
    expect(order).toEqual(['left', 'the time for clients']);
    const began = performance.now();
    await door.leave(400);
    expect(performance.now() - began).toBeGreaterThanOrEqual(399);
  });
});

describe('a client that is too slow', () => {
  it('with its headers is sent away', async () => {
    expect(await afterSilence('POST / HTTP/1.1\r\nhost: x\r\nx-slow: ')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('with its body too', async () => {
    expect(await afterSilence('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf')).toMatch(/^HTTP\/1\.1 408 /);
  });
});
