import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startManagementServer, type ManagementServer } from './management-server.js';
import { Metrics } from './metrics.js';
import { Readiness } from './readiness.js';

describe('the management port', () => {
  let server: ManagementServer;
  let readiness: Readiness;
  let metrics: Metrics;

  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: response.status, text: await response.text() };
  };

  beforeEach(async () => {
    [readiness, metrics] = [new Readiness(), new Metrics()];
    server = await startManagementServer({ port: 0, host: '127.0.0.1', readiness, metrics });
  });

  afterEach(() => server.close());

  it('is ready when every check passes', async () => {
    readiness.register('nats', () => {});
    readiness.register('database', async () => {});
    expect(await get('/readyz')).toEqual({ status: 200, text: '{"status":"ready","checks":{"nats":"ok","database":"ok"}}' });
  });

  it('says of each check why it is not ready, and is alive all the same', async () => {
    readiness.register('nats', () => { throw new Error('NATS is away'); });
    readiness.register('database', async () => {});
    expect(await get('/readyz')).toEqual({ status: 503, text: '{"status":"not ready","checks":{"nats":"NATS is away","database":"ok"}}' });
    expect((await get('/healthz')).status).toBe(200);
  });

  it('shows metrics by their names, the process itself included', async () => {
    metrics.counter('stellwerk_router_things_total', 'Things', ['kind']).inc({ kind: 'a' });
    metrics.counter('stellwerk_router_things_total', 'Things', ['kind']).inc({ kind: 'a' });
    const { text } = await get('/metrics');
    expect(text).toContain('stellwerk_router_things_total{kind="a"} 2');
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
  });

  it('knows no other path', async () => {
    expect((await get('/etc/passwd')).status).toBe(404);
  });
});
