import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BEARER, PROBLEM_TYPE, problem, TOKEN_NEEDED } from '../http/problem.js';
import type { Access } from './access.js';
import { isOwnHost } from './hosts.js';

const OWN_ONLY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "font-src 'self'",
  "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join('; ');

// The OpenAPI page brings its styles inline; its scripts are files of ours.
const DOCS = OWN_ONLY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

const headersFor = (url: string): Record<string, string> => ({
  'content-security-policy': url.startsWith('/api/docs') ? DOCS : OWN_ONLY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
});

const refuseHost = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const detail = `This door is open on loopback only and does not answer to the name "${request.headers.host ?? ''}".`;
  return reply.status(403).type(PROBLEM_TYPE).send(JSON.stringify(problem(403, detail, { instance: request.url })));
};

/** No name holds it, and the database takes no text that does. */
const refuseNul = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply.status(400).type(PROBLEM_TYPE).send(JSON.stringify(problem(400, 'The address holds %00: no name and no value does.', { instance: request.url })));

/** Before anything of the body is read, which may be large there: whoever is not known is sent away. */
export const knownOnly = (fastify: FastifyInstance, access: Access, paths: readonly string[]): void => {
  fastify.addHook('onRequest', async (request, reply) => {
    if (!paths.includes(request.routeOptions.url ?? '') || access.callerOf(request.headers.authorization)) return undefined;
    const answer = problem(401, TOKEN_NEEDED, { instance: request.url });
    return reply.status(401).header('www-authenticate', BEARER).type(PROBLEM_TYPE).send(JSON.stringify(answer));
  });
};

/** What holds for every request, files and errors included. `openTo`: the public URL while no tokens are asked for. */
export const setDoorRules = (fastify: FastifyInstance, openTo: string | undefined): void => {
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.headers(headersFor(request.url));
    if (openTo !== undefined && !isOwnHost(request.headers.host, openTo)) return refuseHost(request, reply);
    return request.url.includes('%00') ? refuseNul(request, reply) : undefined;
  });
};
