import type { FastifyInstance } from 'fastify';

const MOST_BYTES = 64 * 1024;

/** Routes that take more, by their path: the text of the body goes on unread, as reading so much would hold all other requests up. */
export type LargeBodies = Readonly<Record<string, number>>;

/** Orders without a body are fine, whatever content type they name. */
export const takeJsonBodies = (fastify: FastifyInstance, large: LargeBodies = {}): void => {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addHook('onRoute', (route) => {
    if (large[route.url] !== undefined) route.bodyLimit = large[route.url];
  });
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string', bodyLimit: MOST_BYTES }, (request, body, done) => {
    if (large[request.routeOptions.url ?? ''] !== undefined) done(null, body);
    else if (body.trim() === '') done(null, {});
    else void parse(request, body, done);
  });
};
