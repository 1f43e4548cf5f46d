import { ACK_WAIT_SECONDS } from '@stellwerk/contracts';
import { startTestNats, startTestPostgres, waitFor, type TestNats, type TestPostgres } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIngress, type IngressRig } from '../../spec/ingress-rig.js';
import { fromGithub, workflowRun } from '../../spec/signing.js';

let nats: TestNats;
let postgres: TestPostgres;
let rig: IngressRig;

beforeAll(async () => {
  [nats, postgres] = await Promise.all([startTestNats(), startTestPostgres()]);
  rig = await startIngress(nats.url, await postgres.createDatabase());
}, 180_000);

afterAll(async () => {
  await rig?.stop();
  await Promise.all([nats?.stop(), postgres?.stop()]);
});

const deliver = async (delivery: string, id: number) => {
  const started = Date.now();
  const response = await rig.send(fromGithub('workflow_run', workflowRun({ id }), { delivery }));
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.json() as Record<string, unknown>, tookMs: Date.now() - started };
};

const deliverLarge = (delivery: string, id: number) =>
  rig.send(fromGithub('workflow_run', { ...workflowRun({ id }), padding: 'x'.repeat(1_024 ** 2) }, { delivery }));

const isReady = async (): Promise<boolean> => (await rig.readiness.report()).ready;

const hookIds = async (): Promise<string[]> => (await rig.stored('HOOKS')).map(({ headers }) => headers['hook-id']!);

/** More than the ack wait: what a broker delivered in the moment it was killed it does not know of, and delivers again only then. */
const REDELIVERED_MS = (ACK_WAIT_SECONDS + 25) * 1_000;

describe('while NATS is away', () => {
  it('hooks are taken within the patience of senders, and drained once each, in order, when it is back', async () => {
    await nats.kill();
    const names = ['a', 'b', 'c', 'd'];
    const answers = [];
    for (const [index, name] of names.entries()) answers.push(await deliver(name, index + 1));
    answers.push(await deliver('a', 1));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect(answers.map(({ body }) => body.duplicate)).toEqual([false, false, false, false, true]);
    expect(Math.max(...answers.map(({ tookMs }) => tookMs))).toBeLessThan(9_000);
    // Once it is known to be away, nobody waits the whole budget of a publish for it.
    expect(answers[1]!.tookMs).toBeLessThan(3_500);
    expect(await isReady()).toBe(true);

    await nats.restart();
    const events = await rig.events(4, REDELIVERED_MS);
    expect(events.map(({ id }) => id).sort()).toEqual(names.map((name) => `github:${name}:pipelinerun.finished`));
    expect(await hookIds()).toEqual(names.map((name) => `github:${name}`));
    expect(await rig.metrics.registry.getSingleMetricAsString('stellwerk_ingress_spooled_total')).toContain('stellwerk_ingress_spooled_total 4');
    await waitFor(async () => (await rig.metrics.registry.getSingleMetricAsString('stellwerk_ingress_spool_rows')).includes('spool_rows 0'), { what: 'an empty spool' });
    expect((await deliver('e', 5)).body).toEqual({ id: 'github:e', duplicate: false });
    await rig.events(5, REDELIVERED_MS);
  }, 180_000);
});

describe('while Postgres is away', () => {
  it('hooks go through NATS as ever', async () => {
    await postgres.kill();
    const before = (await hookIds()).length;
    expect((await deliver('f', 6)).status).toBe(202);
    expect(await hookIds()).toHaveLength(before + 1);
    expect(await isReady()).toBe(true);
  });

  it('large ones too, as far as the broker takes them', async () => {
    expect((await deliverLarge('large', 60)).status).toBe(202);
    await waitFor(async () => (await rig.events(1)).some(({ causationid }) => causationid === 'github:large'), { what: 'the event of a large hook' });
  });

  it('and NATS too: 503, come again; then both recover without a restart of ours', async () => {
    await nats.kill();
    const answer = await deliver('g', 7);
    expect(answer).toMatchObject({ status: 503, retryAfter: '10', body: { status: 503, title: 'Service Unavailable' } });
    expect(answer.tookMs).toBeLessThan(10_000);
    expect(await isReady()).toBe(false);
    await Promise.all([nats.restart(), postgres.restart()]);
    await waitFor(async () => (await deliver('g', 7)).status === 202, { what: 'recovery', timeoutMs: 60_000 });
    await waitFor(async () => (await rig.events(1)).some(({ causationid }) => causationid === 'github:g'), { what: 'the event after recovery', timeoutMs: REDELIVERED_MS });
    expect(await isReady()).toBe(true);
  }, 180_000);
});
