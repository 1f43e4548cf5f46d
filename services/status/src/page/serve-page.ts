import fastifyStatic from '@fastify/static';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';

const NOT_BUILT = `The dashboard is not built. In the root of the repository:

  npm run build --workspace dashboard

then restart the status service. The API is there all the same: /api/docs
`;

const index = (dir: string) => async (_request: unknown, reply: FastifyReply): Promise<FastifyReply> => {
  const file = join(dir, 'index.html');
  if (!existsSync(file)) return reply.status(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(await readFile(file, 'utf8'));
};

/** The dashboard: one page for all its addresses, and its files, whose names change with their content. */
export const servePage = async (fastify: FastifyInstance, dir: string): Promise<void> => {
  for (const path of ['/', '/index.html', '/runs', '/runs/*', '/flows', '/dead-letters']) fastify.get(path, index(dir));
  const assets = join(dir, 'assets');
  if (!existsSync(assets)) return;
  await fastify.register(fastifyStatic, { root: assets, prefix: '/assets/', index: false, immutable: true, maxAge: '365d' });
};
