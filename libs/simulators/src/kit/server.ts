import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readableBody, readExchange } from './exchange.js';
import { type Fault, faultAnswer, FaultSwitch } from './faults.js';
import type { Journal } from './journal.js';
import type { Store } from './store.js';
import type { Timers } from './timers.js';
import type { Answer, Exchange } from './types.js';

/** More than any answer of a platform that makes sense. */
const HUGE_BYTES = 32 * 1024 * 1024;
const DRIP_MILLISECONDS = 200;
const LONG_LIST = 20;
const LONG_TEXT = 100_000;

export interface SimulatedServer {
  name: string;
  journal: Journal;
  store: Store;
  faults: FaultSwitch;
  timers: Timers;
  /** Orders to the simulator itself under `/_simulator`; undefined = not one. */
  control: (exchange: Exchange) => Answer | Promise<Answer> | undefined;
  handle: (exchange: Exchange) => Answer | Promise<Answer>;
}

export interface Listening {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Opens the port; a remembered port that somebody else has by now gives way to a free one. */
export const listen = async (server: SimulatedServer, ports: number[]): Promise<Listening> => {
  const http = createServer((request, response) => void take(server, request, response));
  http.keepAliveTimeout = 60_000;
  await firstFree(
    ports,
    (port) =>
      new Promise<void>((resolve, reject) => {
        http.once('error', reject);
        http.listen(port, '127.0.0.1', () => resolve(void http.off('error', reject)));
      }),
  );
  const { port } = http.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      http.close(() => resolve());
      http.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, port, close };
};

const firstFree = async (ports: number[], open: (port: number) => Promise<void>): Promise<void> => {
  for (const [index, port] of ports.entries()) {
    try {
      return await open(port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || index === ports.length - 1) throw error;
    }
  }
};

const take = async (server: SimulatedServer, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const at = new Date();
  const exchange = await readExchange(request);
  try {
    const order = await server.control(exchange);
    if (order) {
      await server.store.saved();
      write(response, order);
    } else await serve(server, exchange, response, at);
  } catch (error) {
    console.error(`${server.name} simulator: ${exchange.method} ${exchange.path} broke`, error);
    write(response, { status: 500, body: { message: 'the simulator itself broke', error: String(error) } });
  }
};

const serve = async (server: SimulatedServer, exchange: Exchange, response: ServerResponse, at: Date): Promise<void> => {
  const fault = server.faults.take(exchange);
  if (fault?.kind === 'delay') await server.timers.wait(fault.delayMs ?? 1000);
  const acted = !['reset-before', 'hang-before', 'status'].includes(fault?.kind ?? '');
  const answer = acted ? await server.handle(exchange) : undefined;
  const said = spoken(fault, answer);
  server.journal.write({
    kind: 'request',
    at: at.toISOString(),
    simulator: server.name,
    method: exchange.method,
    path: exchange.query.size > 0 ? `${exchange.path}?${exchange.query}` : exchange.path,
    headers: exchange.headers,
    body: readableBody(exchange.body),
    answer: said && noted(exchange, said),
    ...(fault ? { fault: fault.kind, acted, decided: answer?.status } : {}),
  });
  await Promise.all([server.journal.saved(), server.store.saved()]);
  if (said && fault?.kind === 'slow-body') writeSlowly(response, said, server.timers);
  else if (said) write(response, said);
  else if (fault?.kind.startsWith('reset')) response.destroy();
};

/** What goes out over the wire under a fault; undefined = nothing, the connection is cut or left hanging. */
const spoken = (fault: Fault | undefined, answer: Answer | undefined): Answer | undefined => {
  if (!fault || fault.kind === 'delay') return answer;
  if (fault.kind === 'slow-body') return withBody(answer, '');
  if (fault.kind === 'huge-body') return withBody(answer, ' '.repeat(HUGE_BYTES));
  if (fault.kind === 'status' || fault.kind === 'status-after') return faultAnswer(fault, new Date());
  if (fault.kind !== 'malformed') return undefined;
  return { status: answer?.status ?? 200, headers: { 'content-type': 'application/json' }, body: '{"id": 12, "unfinis' };
};

/** What is kept of an answer: of a long list or text no more than its length, as one look-up may read thousands, and a journal is read often. */
const noted = ({ method }: Exchange, answer: Answer): Answer => {
  if (typeof answer.body === 'string' && answer.body.length > LONG_TEXT) return { ...answer, body: `a text of ${answer.body.length}, not kept` };
  const list = method === 'GET' ? longListIn(answer.body) : undefined;
  return list ? { ...answer, body: `a list of ${list.length}, not kept` } : answer;
};

const longListIn = (body: unknown): unknown[] | undefined => {
  const candidates: unknown[] = typeof body === 'object' && body !== null ? [body, ...Object.values(body)] : [];
  return candidates.find((one): one is unknown[] => Array.isArray(one) && one.length > LONG_LIST);
};

/** As it was decided, but with this body; a 204 can have none. */
const withBody = (answer: Answer | undefined, body: string): Answer => ({ ...answer, status: answer?.status === 204 ? 200 : (answer?.status ?? 200), body });

/** Head at once, then a blank every now and then, for as long as somebody listens. */
const writeSlowly = (response: ServerResponse, answer: Answer, timers: Timers): void => {
  response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', ...answer.headers });
  const drip = (): void => {
    if (response.destroyed) return;
    response.write(' ');
    timers.after(DRIP_MILLISECONDS, drip);
  };
  drip();
};

const write = (response: ServerResponse, answer: Answer): void => {
  const text = answer.body === undefined ? '' : typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const type =
    answer.body === undefined
      ? {}
      : { 'content-type': typeof answer.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8' };
  response.writeHead(answer.status, { ...type, ...answer.headers });
  response.end(text);
};
