import { waitFor } from '@stellwerk/testing';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Demo, OtlpReceiver, startStellwerk, stopEverything, type RunSeen, type SpanSeen, type Stellwerk } from './harness/index.js';

const collector = new OtlpReceiver();
let stellwerk: Stellwerk;
let run: RunSeen & { trace: string };
let spans: SpanSeen[];

const KIND = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;

const named = (name: string | RegExp, kind?: number): SpanSeen[] =>
  spans.filter((span) => (typeof name === 'string' ? span.name === name : name.test(span.name)) && (kind === undefined || span.kind === kind));

const one = (name: string | RegExp, kind?: number): SpanSeen => {
  const found = named(name, kind);
  expect(found.map((span) => `${span.service} ${span.name}`), String(name)).toHaveLength(1);
  return found[0]!;
};

/** The span and all it came from, nearest first. */
const lineage = (span: SpanSeen): SpanSeen[] => {
  const parent = spans.find(({ id }) => id === span.parent);
  return parent ? [span, ...lineage(parent)] : [span];
};

const expectLineage = (span: SpanSeen, ...names: string[]): void => {
  const all = lineage(span).map(({ name }) => name);
  let at = -1;
  for (const name of names) {
    at = all.indexOf(name, at + 1);
    expect(at, `"${name}" in ${all.join(' < ')}`).toBeGreaterThanOrEqual(0);
  }
};

beforeAll(async () => {
  stellwerk = await startStellwerk({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen(), OTEL_BSP_SCHEDULE_DELAY: '200', SIMULATORS_RUN_MILLISECONDS: '2000' } });
  await stellwerk.ready();
  const demo = new Demo(stellwerk);
  const sha = randomBytes(20).toString('hex');
  await demo.push(sha);
  run = await demo.ended(sha) as typeof run;
  spans = await waitFor(() => {
    const found = collector.of(run.trace);
    const count = (test: (span: SpanSeen) => boolean): number => found.filter(test).length;
    const whole = found.every(({ parent }) => parent === '' || found.some(({ id }) => id === parent));
    return whole && count(({ name, kind }) => name === 'POST' && kind === KIND.client) >= 7 && count(({ name }) => name.startsWith('RUN ')) >= 3
      && count(({ name }) => name.startsWith('notify ')) >= 2 && found;
  }, { what: 'a whole trace with seven calls, three platform runs and two notices', timeoutMs: 30_000 });
});

afterAll(async () => { await stopEverything(); await collector.close(); });

describe('one trace', () => {
  it('holds all services, has one root, and no span without its parent', () => {
    expect([...new Set(spans.map(({ service }) => service))].sort()).toEqual([
      'stellwerk-github-connector', 'stellwerk-gitlab-connector', 'stellwerk-ingress', 'stellwerk-jenkins-connector', 'stellwerk-notifier', 'stellwerk-router', 'stellwerk-status',
    ]);
    const roots = spans.filter(({ parent }) => !spans.some(({ id }) => id === parent));
    expect(roots).toMatchObject([{ name: 'hook github', kind: KIND.server, parent: '', service: 'stellwerk-ingress' }]);
  });

  it('goes from the hook over normalizing and routing to each command and its HTTP call', () => {
    const calls = named('POST', KIND.client).filter(({ service }) => service.endsWith('-connector'));
    for (const path of ['/api/v4/projects/acme%2Fshop-scan/pipeline', '/job/shop/job/e2e/buildWithParameters', '/actions/workflows/deploy.yml/dispatches', '/statuses/']) {
      const call = calls.find(({ attributes }) => String(attributes['url.full']).includes(path));
      expect(call?.attributes, path).toMatchObject({ 'http.request.method': 'POST', 'http.response.status_code': expect.any(Number) });
      expectLineage(call!, 'publish commands', 'start run release', 'route pipelinerun.finished', 'process ingress-hooks', 'publish hooks', 'hook github');
    }
  });

  it('holds each event that came back, linked to the trace of its own hook, and what status and people heard of it', () => {
    const back = named('move run release').filter(({ attributes }) => String(attributes['stellwerk.cause']).endsWith(':pipelinerun.finished'));
    expect(back.length).toBeGreaterThanOrEqual(3);
    for (const span of back) expect(span.links.filter((trace) => trace !== run.trace)).toHaveLength(1);
    expect(named('status record').length).toBeGreaterThan(0);
    for (const channel of ['releases-slack', 'releases-discord']) {
      const notice = one(`notify ${channel}`);
      expectLineage(notice, 'publish status', 'publish events', 'move run release', 'start run release');
      expect(spans.find(({ parent, kind }) => parent === notice.id && kind === KIND.client)!.attributes['http.response.status_code']).toBeLessThan(300);
    }
  });

  it('holds the platforms’ own runs as spans, with their times and names', () => {
    const platformRuns = named(/^RUN /, KIND.server);
    expect(platformRuns).toHaveLength(3);
    for (const { attempts } of run.steps) {
      const { id, url } = attempts[0]!.run!;
      const span = platformRuns.find(({ attributes }) => attributes['cicd.pipeline.run.id'] === id)!;
      expect(span.attributes).toMatchObject({ 'cicd.pipeline.result': 'success', 'cicd.pipeline.run.url.full': url, 'cicd.pipeline.name': expect.any(String) });
      expect(Object.keys(span.attributes).filter((name) => name.startsWith('vcs.')).length).toBeGreaterThan(0);
      // GitHub and GitLab tell whole seconds of a run of two.
      expect(span.endMs - span.startMs).toBeGreaterThanOrEqual(1_000);
    }
  });

  it('holds no secret', () => {
    const secrets = readFileSync(join(stellwerk.data, 'demo', 'demo.env'), 'utf8').split('\n')
      .map((line) => /^(\w+)='(.*)'$/.exec(line)).filter((match) => match !== null && !match[1]!.endsWith('_SIMULATOR_URL')).map((match) => match![2]!);
    expect(secrets.length).toBeGreaterThanOrEqual(8);
    // Of a chat's address the last part is the secret.
    for (const secret of secrets) expect(collector.raw.includes(secret.startsWith('http') ? secret.split('/').at(-1)! : secret)).toBe(false);
  });
});

describe('a collector that is away', () => {
  it('holds up nothing', async () => {
    const other = await startStellwerk({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' } });
    await other.ready();
    expect((await other.api<{ items: RunSeen[] }>('/api/runs')).items).toMatchObject([{ state: 'succeeded' }]);
    expect(await other.stop()).toBe(0);
  });
});
