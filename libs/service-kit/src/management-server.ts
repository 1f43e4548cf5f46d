import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.js';
import type { Readiness } from './readiness.js';

export interface ManagementServer {
  port: number;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  type: string;
  body: string;
}

const json = (status: number, value: unknown): Answer => ({ status, type: 'application/json', body: JSON.stringify(value) });

async function answer(path: string, readiness: Readiness, metrics: Metrics): Promise<Answer> {
  if (path === '/healthz') return json(200, { status: 'ok' });
  if (path === '/metrics') return { status: 200, type: metrics.registry.contentType, body: await metrics.registry.metrics() };
  if (path !== '/readyz') return json(404, { status: 'not found', paths: ['/healthz', '/readyz', '/metrics'] });
  const report = await readiness.report();
  return json(report.ready ? 200 : 503, { status: report.ready ? 'ready' : 'not ready', checks: report.checks });
}

async function respond(request: IncomingMessage, response: ServerResponse, readiness: Readiness, metrics: Metrics): Promise<void> {
  const path = (request.url ?? '/').split('?')[0]!;
  const { status, type, body } = await answer(path, readiness, metrics).catch((error: unknown) => json(500, { status: String(error) }));
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

const listen = (server: Server, port: number, host: string): Promise<void> => new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen(port, host, () => {
    server.off('error', reject);
    resolve();
  });
});

const close = (server: Server): Promise<void> => new Promise((resolve) => {
  server.close(() => resolve());
  server.closeAllConnections();
});

/** `/healthz`, `/readyz` and `/metrics`, on a port of their own so that they are never behind a door. Port 0 = a free one. */
export async function startManagementServer(
  { port, host, readiness, metrics }: { port: number; host: string; readiness: Readiness; metrics: Metrics },
): Promise<ManagementServer> {
  const server = createServer((request, response) => void respond(request, response, readiness, metrics));
  await listen(server, port, host);
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}
