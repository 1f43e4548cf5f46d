import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { Server as NetServer } from 'node:net';
import { sleep } from './backoff.js';
import type { Door } from './door.js';
import { readTls, type TlsFiles } from './tls-files.js';

/** Node looks for connections that are too slow only every 30 s unless told otherwise. */
const LOOK_FOR_SLOW_MS = 1_000;

/** Longer than the 60 s after which load balancers give up idle connections: they shall close first. */
const KEEP_ALIVE_MS = 72_000;

/** For requests that clients send in the moment in which they would be told to go, or have their connection closed. */
const LINGER_MS = 300;

/** The longest an answer may take from then on. */
const ANSWER_MS = 10_000;

/**
 * The HTTP server of a service's door. It is left in three steps, none of which cuts a request: answers carry
 * `Connection: close`, then nothing new is let in, then what is under way ends.
 */
export class DoorServer {
  readonly server: Server;
  readonly #answering = new Set<ServerResponse>();
  #listener: RequestListener = (_request, response) => void response.writeHead(503).end();
  #leaving = false;

  constructor(tls?: TlsFiles) {
    const options = { connectionsCheckingInterval: LOOK_FOR_SLOW_MS, keepAliveTimeout: KEEP_ALIVE_MS };
    const take = (request: IncomingMessage, response: ServerResponse): void => this.#take(request, response);
    this.server = tls ? createTlsServer({ ...options, ...readTls(tls) }, take) : createServer(options, take);
  }

  /** Who answers from now on. */
  serve(listener: RequestListener): Server {
    this.#listener = listener;
    return this.server;
  }

  /** What the door itself says of it. */
  furnish({ listener, headersMs, requestMs }: Door): void {
    if (listener) this.#listener = listener;
    if (headersMs !== undefined) this.server.headersTimeout = headersMs;
    if (requestMs !== undefined) this.server.requestTimeout = requestMs;
  }

  /**
   * Tells every client to come back on another connection, for at least `ms`; then lets nobody in any more, and resolves
   * when all who were in have their answer. Answers that go on, as a stream's do, are the application's to end.
   */
  async leave(ms: number): Promise<void> {
    this.#leaving = true;
    for (const response of this.#answering) tellToGo(response);
    await sleep(Math.max(ms, (await this.#clients()) > 0 ? LINGER_MS : 0));
    if ((await this.#clients()) > 0) await this.#closeGently();
  }

  /** Node's own `close` ends connections at once on which nothing has been asked yet: the request may be on its way. */
  async #closeGently(): Promise<void> {
    NetServer.prototype.close.call(this.server);
    const end = Date.now() + ANSWER_MS;
    do await sleep(LINGER_MS); while (this.#unanswered() && Date.now() < end);
    this.server.closeIdleConnections();
    setTimeout(() => this.server.closeAllConnections(), ANSWER_MS).unref();
  }

  #unanswered(): boolean {
    return [...this.#answering].some(({ headersSent }) => !headersSent);
  }

  #clients(): Promise<number> {
    return new Promise((resolve) => { this.server.getConnections((_error, count) => resolve(count ?? 0)); });
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    if (this.#leaving) tellToGo(response);
    this.#answering.add(response);
    response.once('close', () => this.#answering.delete(response));
    this.#listener(request, response);
  }
}

const tellToGo = (response: ServerResponse): void => {
  if (!response.headersSent) response.setHeader('connection', 'close');
};
