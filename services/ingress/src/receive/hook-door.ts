import { Injectable, Logger } from '@nestjs/common';
import { messageOf } from '@stellwerk/service-kit';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { IngressConfig } from '../ingress.config.js';
import { clientAddress } from './client-address.js';
import { hookAddress } from './hook-address.js';
import { HookController, type IncomingHook, type Sender } from './hook.controller.js';
import type { OpenConnection } from './open-connections.js';
import { problem, type Problem } from './problems.js';
import { LargeBodies, type Leave } from '../spool/large-bodies.js';
import { readBody, runOut, SenderGone, type BodyLimits } from './read-body.js';
import type { Received } from './receive-hook.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const RETRY_SECONDS = 10;
/** Senders wait 10 s, and storing may take 8.5 s of them. */
const WAIT_FOR_ROOM_MS = 1_400;

type Headers = Record<string, string | number>;
type Taking = Sender & Pick<IncomingHook, 'query'> & Pick<BodyLimits, 'hasRoom'>;

const send = (response: ServerResponse, status: number, type: string, value: unknown, more: Headers = {}): void => {
  const text = JSON.stringify(value);
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text), ...more }).end(text);
};

const sendProblem = (response: ServerResponse, { retryAfter, ...answer }: Problem, more: Headers = {}): void => {
  const retry = retryAfter ?? (answer.status === 503 ? RETRY_SECONDS : undefined);
  send(response, answer.status, 'application/problem+json', answer, { ...more, ...(retry !== undefined && { 'retry-after': retry }) });
};

/** Node joins what is sent twice; its one list, of cookies a server sets, is no header of a request we look at. */
const headersOf = (request: IncomingMessage): Readonly<Record<string, string>> => request.headers as Record<string, string>;

/**
 * `POST /hooks/<connection>`, straight on Node's server: a framework would parse bodies before anyone has verified them,
 * and its pipeline costs as much as everything that is done for a hook here.
 */
@Injectable()
export class HookDoor {
  readonly #log = new Logger('hooks');

  constructor(
    private readonly config: IngressConfig,
    private readonly controller: HookController,
    private readonly large: LargeBodies,
  ) {}

  readonly listener: RequestListener = (request, response) => {
    this.#serve(request, response).catch((error: unknown) => this.#failed(error, response));
  };

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = hookAddress(request.url ?? '');
    if (!address) return this.#turnAway(request, response, problem(404));
    if (request.method !== 'POST') return this.#turnAway(request, response, problem(405, 'Hooks are sent by POST'), { allow: 'POST' });
    const sender = { client: () => this.#clientOf(request) };
    const open = this.controller.door(address.connection, sender);
    if ('status' in open) return this.#turnAway(request, response, open);
    const answer = await this.#withRoom((hasRoom) => this.#take(open, request, { ...sender, hasRoom, query: address.query }));
    if ('id' in answer) send(response, 202, JSON_TYPE, answer);
    else sendProblem(response, answer);
  }

  async #take(open: OpenConnection, request: IncomingMessage, { hasRoom, client, query }: Taking): Promise<Received | Problem> {
    const body = await readBody(request, { most: this.config.maxHookBytes, hasRoom });
    return this.controller.take(open, { client, query, body, headers: headersOf(request) });
  }

  /** The place of a large body is given back when all is over, also one that was found after its sender had gone. */
  async #withRoom<T>(work: (hasRoom: BodyLimits['hasRoom']) => Promise<T>): Promise<T> {
    let place: Promise<Leave | undefined> | undefined;
    try {
      return await work(async (bytes) => (await (place = this.large.place(bytes, WAIT_FOR_ROOM_MS))) !== undefined);
    } finally {
      void place?.then((leave) => leave?.());
    }
  }

  /** Answers before the body was read. */
  #turnAway(request: IncomingMessage, response: ServerResponse, answer: Problem, more?: Headers): void {
    runOut(request, this.config.maxHookBytes);
    sendProblem(response, answer, more);
  }

  #clientOf(request: IncomingMessage): string {
    return clientAddress(request.socket.remoteAddress ?? '', headersOf(request)['x-forwarded-for'], this.config.trustedProxies);
  }

  /** Nobody hears an answer when the sender is gone; anything unforeseen is ours to mend, so the sender shall come again. */
  #failed(error: unknown, response: ServerResponse): void {
    if (error instanceof SenderGone) return;
    this.#log.error({ reason: messageOf(error) }, 'hook.failed');
    if (response.headersSent) response.destroy();
    else sendProblem(response, problem(503));
  }
}

