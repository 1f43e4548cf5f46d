import { Injectable, Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { IngressConfig } from '../ingress.config.js';
import { clientAddress } from './client-address.js';
import { HookController } from './hook.controller.js';
import type { OpenConnection } from './open-connections.js';
import { problem, type Problem } from './problems.js';
import { readBody, type ReadBody } from './read-body.js';
import { plainHeaders, plainQuery } from './request-parts.js';

/** Slow senders hold a connection no longer than this; platforms give up after 10 s. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;

interface HookRoute {
  Params: { connection: string };
  Body?: ReadBody;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What was learnt before the body was read. */
    hookDoor: { open: OpenConnection; headers: Record<string, string> } | null;
  }
}

const sendProblem = (reply: FastifyReply, answer: Problem): FastifyReply => {
  if (answer.status === 503) reply.header('retry-after', '10');
  // As bytes: to a text Fastify would add a charset, which this type does not have.
  return reply.code(answer.status).type('application/problem+json').send(Buffer.from(JSON.stringify(answer)));
};

type Failure = Error & { statusCode?: number };

/**
 * `POST /hooks/<connection>` on bare Fastify: Nest's pipeline would parse bodies before anyone has verified them, and
 * costs a fifth of the throughput.
 */
@Injectable()
export class HookDoor {
  readonly #log = new Logger('hooks');

  constructor(
    private readonly config: IngressConfig,
    private readonly controller: HookController,
  ) {}

  configure(fastify: FastifyInstance): void {
    fastify.server.headersTimeout = HEADERS_MS;
    fastify.server.requestTimeout = REQUEST_MS;
    void fastify.register(async (scope: FastifyInstance) => this.#routes(scope), { prefix: '/hooks' });
  }

  #routes(scope: FastifyInstance): void {
    scope.decorateRequest('hookDoor', null);
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) => readBody(payload, this.config.maxHookBytes));
    scope.setErrorHandler((error: Failure, _request, reply) => this.#failed(error, reply));
    scope.setNotFoundHandler((_request, reply) => sendProblem(reply, problem(404)));
    scope.route({
      method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url: '/:connection',
      onRequest: async (_request, reply) => sendProblem(reply.header('allow', 'POST'), problem(405, 'Hooks are sent by POST')),
      handler: async (_request, reply) => reply,
    });
    scope.post<HookRoute>('/:connection', {
      onRequest: async (request, reply) => this.#findDoor(request, reply),
      handler: async (request, reply) => this.#take(request, reply),
    });
  }

  async #findDoor(request: FastifyRequest<HookRoute>, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const open = this.controller.door(request.params.connection);
    if (!open) return sendProblem(reply, problem(404, 'No connection of this name takes hooks'));
    request.hookDoor = { open, headers: plainHeaders(request.raw.headers) };
    // Fastify would refuse a malformed content type before the length of the body is known; 413 comes first.
    delete request.raw.headers['content-type'];
    return undefined;
  }

  async #take(request: FastifyRequest<HookRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const { open, headers } = request.hookDoor!;
    const client = clientAddress(request.ip, headers['x-forwarded-for'], this.config.trustedProxies);
    const answer = await this.controller.take(open, { headers, client, query: plainQuery(request.query), body: request.body ?? Buffer.alloc(0) });
    return 'id' in answer ? reply.code(202).send(answer) : sendProblem(reply, answer);
  }

  /** Fastify's own refusals keep their status; anything unforeseen is ours to mend, so the sender shall come again. */
  #failed({ message, statusCode = 503 }: Failure, reply: FastifyReply): FastifyReply {
    if (statusCode >= 400 && statusCode < 500) return sendProblem(reply, problem(statusCode));
    this.#log.error({ reason: message }, 'hook.failed');
    return sendProblem(reply, problem(503));
  }
}
