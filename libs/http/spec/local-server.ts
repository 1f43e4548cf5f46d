import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import { expect } from 'vitest';
import { HttpClient } from '../src/http.client.js';
import { HttpFailure } from '../src/http.errors.js';

const open: { close(): void }[] = [];

const client = new HttpClient();
const ALLOW = ['127.0.0.0/8'];

/** The port a server listens on from now to `closeServers`. */
export const listen = async (server: Server | TcpServer): Promise<number> => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => void server.close() });
  return (server.address() as AddressInfo).port;
};

export const serve = async (handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> => `http://127.0.0.1:${await listen(createServer(handler))}`;

export const call = (url: string, more: Partial<Parameters<HttpClient['request']>[0]> = {}) => client.request({ method: 'POST', url, timeoutMs: 5_000, allow: ALLOW, body: '{}', ...more });

export const failure = async (promise: Promise<unknown>): Promise<HttpFailure> => {
  const error = await promise.then(() => undefined, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HttpFailure);
  return error as HttpFailure;
};

export const closeServers = (): void => {
  for (const one of open.splice(0)) one.close();
};
