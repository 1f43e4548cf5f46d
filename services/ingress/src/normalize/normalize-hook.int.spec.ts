import { NodeSDK } from '@opentelemetry/sdk-node';
import { connectNats } from '@stellwerk/messaging';
import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIngress, type IngressRig, type StoredMessage } from '../../spec/ingress-rig.js';
import { fromGithub, workflowRun } from '../../spec/signing.js';

type Processor = NonNullable<NonNullable<ConstructorParameters<typeof NodeSDK>[0]>['spanProcessors']>[number];
type EndedSpan = Parameters<Processor['onEnd']>[0];

const spans: EndedSpan[] = [];
const collect: Processor = { onStart: () => {}, onEnd: (span) => spans.push(span), forceFlush: async () => {}, shutdown: async () => {} };
const telemetry = new NodeSDK({ spanProcessors: [collect], instrumentations: [] });
let nats: TestNats;
let rig: IngressRig;

beforeAll(async () => {
  telemetry.start();
  nats = await startTestNats();
  rig = await startIngress(nats.url, await testDatabaseUrl());
});

afterAll(async () => {
  await rig?.stop();
  await nats?.stop();
  await telemetry.shutdown();
});

/** A message on HOOKS as it might have been written long ago. */
const put = async (subject: string, values: Record<string, string>, body: string): Promise<void> => {
  const connection = await connectNats('test', nats.url);
  const message = headers();
  for (const [name, value] of Object.entries(values)) message.set(name, value);
  await jetstream(connection).publish(subject, body, { headers: message, msgID: values['msg-id'] });
  await connection.close();
};

const deadLetter = (reason: string): Promise<StoredMessage> => waitFor(async () =>
  (await rig.stored('DEAD_LETTERS')).find((letter) => letter.headers['dead-letter-reason']?.includes(reason)), { what: `a dead letter: ${reason}`, timeoutMs: 25_000 });

const hook = (id: string, more: Record<string, string> = {}): Record<string, string> =>
  ({ 'hook-id': id, 'hook-received-at': '2026-11-24T08:00:00.000Z', 'hook-x-github-event': 'workflow_run', 'hook-content-type': 'application/json', ...more });

const traceOf = (message: StoredMessage | undefined): string | undefined => message?.headers.traceparent?.split('-')[1];

describe('one hook', () => {
  it('is one trace from the door to its event; a trace that the sender brought is linked, not joined', async () => {
    const theirs = '0af7651916cd43dd8448eb211c80319c';
    const sent = fromGithub('workflow_run', workflowRun({ id: 1 }), { delivery: 'traced' });
    await rig.send({ ...sent, headers: { ...sent.headers, traceparent: `00-${theirs}-b7ad6b7169203331-01` } });
    await rig.events(1);
    const [stored] = await rig.stored('HOOKS');
    const [event] = await rig.stored('EVENTS');
    const door = spans.find(({ name }) => name === 'hook github')!;
    expect(door.parentSpanContext).toBeUndefined();
    expect(door.links.map((link) => link.context.traceId)).toEqual([theirs]);
    expect([traceOf(stored), traceOf(event)]).toEqual([door.spanContext().traceId, door.spanContext().traceId]);
    expect(door.spanContext().traceId).not.toBe(theirs);
  });

  it('that is replayed is told again under the same CloudEvents id', async () => {
    await put('hooks.github.github', hook('github:lost', { 'msg-id': 'github:lost:replay:2' }), JSON.stringify(workflowRun({ id: 2 })));
    const told = await waitFor(async () => (await rig.stored('EVENTS')).find(({ headers: { 'nats-msg-id': id } }) => id?.startsWith('github:lost')), { what: 'the replayed event' });
    expect(told.headers['nats-msg-id']).toBe('github:lost:pipelinerun.finished:replay:2');
    expect(JSON.parse(told.body.toString())).toMatchObject({ id: 'github:lost:pipelinerun.finished', correlationid: 'github:lost' });
  });

  it('that is replayed to start again makes another event, and another fact of the same run', async () => {
    await put('hooks.github.github', hook('github:once-more', { 'msg-id': 'github:once-more:replay:3', 'replay-again': '3' }), JSON.stringify(workflowRun({ id: 3 })));
    const told = await waitFor(async () => (await rig.stored('EVENTS')).find(({ headers: { 'nats-msg-id': id } }) => id?.startsWith('github:once-more')), { what: 'the event of the replay' });
    expect(told.headers['nats-msg-id']).toBe('github:once-more:pipelinerun.finished:again:3:replay:3');
    expect(JSON.parse(told.body.toString())).toMatchObject({
      id: 'github:once-more:pipelinerun.finished:again:3', correlationid: 'github:once-more',
      fact: 'https://api.github.com/acme/shop/pipelinerun/3/1/finished:again:3', data: { hook: 'github:once-more' },
    });
  });
});

describe('a hook that nobody can read', () => {
  it.each([
    ['there is no connection gone any more', 'hooks.github.gone', hook('gone:1'), '{}'],
    ['not JSON', 'hooks.github.github', hook('github:half'), '{"half":'],
    ['no JSON object', 'hooks.github.github', hook('github:list'), '[]'],
    ['hook-id is missing', 'hooks.github.github', { 'hook-received-at': '2026-11-24T08:00:00.000Z' }, '{}'],
    ['hook-received-at is missing', 'hooks.github.github', { 'hook-id': 'github:no-date' }, '{}'],
    ['the body of github:dropped is not kept any more', 'hooks.github.github', hook('github:dropped', { 'hook-body-ref': 'github:dropped' }), ''],
  ])('goes to the dead letters: %s', async (reason, subject, values, body) => {
    await put(subject, values, body);
    const letter = await deadLetter(reason);
    expect(letter.body.toString()).toBe(body);
    expect(letter.headers['dead-letter-consumer']).toBe('ingress-hooks');
  });
});
