import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came. */
export interface Call {
  method: string;
  /** Decoded once, without query. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  text: string;
}

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** The connection is cut instead of an answer. */
  cut?: boolean;
}

export type Handle = (call: Call) => Reply | undefined;

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const callOf = async (request: IncomingMessage): Promise<Call> => {
  const url = new URL(request.url!, 'http://tiny');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { method: request.method!, path: decodeURI(url.pathname), query: url.searchParams, headers, text: await read(request) };
};

const send = (response: ServerResponse, { status, body, headers = {}, cut }: Reply): void => {
  if (cut) return void response.socket?.destroy();
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
};

/** A server of nobody's we know: it keeps every call and answers what its platform would, or what the test says. */
export class TinyServer {
  readonly calls: Call[] = [];
  readonly #server: Server;
  readonly #instead: { method: string; path: RegExp; replies: Reply[] }[] = [];

  constructor(private readonly handle: Handle) {
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next calls of this kind get these answers, and nothing is done for them. */
  answerInstead(method: string, path: RegExp, ...replies: Reply[]): void {
    this.#instead.push({ method, path, replies });
  }

  posts(path: RegExp): Call[] {
    return this.calls.filter((call) => call.method === 'POST' && path.test(call.path));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await callOf(request);
    this.calls.push(call);
    const instead = this.#instead.find(({ method, path, replies }) => method === call.method && path.test(call.path) && replies.length > 0);
    send(response, instead?.replies.shift() ?? this.handle(call) ?? { status: 404, body: { message: 'Not Found' } });
  }
}

/** Sends a hook of its own accord. As the platforms do, it goes on when nobody took it: that hook is lost, and polling has to find what it told. */
export const sendAndForget = (hook: Promise<unknown>): void => void hook.catch(() => undefined);
