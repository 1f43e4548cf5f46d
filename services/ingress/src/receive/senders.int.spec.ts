import { startTestNats, testDatabaseUrl, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIngress, type IngressRig } from '../../spec/ingress-rig.js';
import { rawRequest } from '../../spec/raw-request.js';
import { fromGithub, workflowRun, type Sent } from '../../spec/signing.js';

const ALLOWED = 20;

let nats: TestNats;
let rig: IngressRig;

beforeAll(async () => {
  nats = await startTestNats();
  rig = await startIngress(nats.url, await testDatabaseUrl(), { UNVERIFIED_PER_MINUTE: String(ALLOWED), HOOK_HEADERS_TIMEOUT_SECONDS: '1', HOOK_TIMEOUT_SECONDS: '2' });
});

afterAll(async () => {
  await rig?.stop();
  await nats?.stop();
});

const metric = (name: string): Promise<string> => rig.metrics.registry.getSingleMetricAsString(name);

describe('the same words', () => {
  const body = workflowRun({ id: 301 });
  const send = async (delivery: string): Promise<unknown> => (await rig.send(fromGithub('workflow_run', body, { delivery }))).json();

  it('under another delivery id are taken and counted; under the same one they are a repetition', async () => {
    expect(await send('one')).toEqual({ id: 'github:one', duplicate: false });
    expect(await send('one')).toEqual({ id: 'github:one', duplicate: true });
    expect(await metric('stellwerk_ingress_suspicious_repeats_total')).not.toContain('connection="github"');
    expect(await send('two')).toEqual({ id: 'github:two', duplicate: false });
    expect(await send('three')).toEqual({ id: 'github:three', duplicate: false });
    expect(await metric('stellwerk_ingress_suspicious_repeats_total')).toContain('{connection="github"} 2');
    const events = await rig.events(3);
    expect(new Set(events.map(({ fact }) => fact)).size).toBe(1);
  });
});

describe('a sender that cannot sign', () => {
  const forged = (): Sent => fromGithub('push', {}, { secret: 'guessed' });
  const unknown = (): Sent => ({ ...forged(), path: '/hooks/nobody' });

  it('is told to wait after so many tries; whoever signs rightly is let in from the same address all the same', async () => {
    const answers: Response[] = [];
    while (answers.at(-1)?.status !== 429) answers.push(await rig.send(answers.length % 2 ? unknown() : forged()));
    expect(answers.length).toBeGreaterThan(ALLOWED);
    expect(new Set(answers.slice(0, -1).map(({ status }) => status))).toEqual(new Set([401, 404]));
    while (answers.at(-1)?.status !== 429 || answers.length % 2 === 0) answers.push(await rig.send(answers.length % 2 ? unknown() : forged()));
    expect(Number(answers.at(-1)!.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await answers.at(-1)!.json()).toEqual({ type: 'about:blank', title: 'Too Many Requests', status: 429 });
    expect((await rig.send(fromGithub('workflow_run', workflowRun({ id: 302 })))).status).toBe(202);
    expect(await metric('stellwerk_ingress_limited_senders_total')).toMatch(/total [1-9]/);
    expect(await metric('stellwerk_ingress_hooks_total')).toMatch(/connection="github",answer="429"} [1-9]/);
  });
});

describe('a sender that is slow', () => {
  it.each([
    ['with its headers', 'POST /hooks/github HTTP/1.1\r\nhost: x\r\nx-'],
    ['with its body', 'POST /hooks/github HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{'],
  ])('%s does not hold its connection', async (_, text) => {
    expect(await rawRequest(rig.url, text)).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('keys that reach prototypes', () => {
  it('are data like any other, and go no further', async () => {
    const text = JSON.stringify(workflowRun({ id: 303 })).replace('{', '{"__proto__":{"action":"requested"},"constructor":{"prototype":{"polluted":true}},');
    expect((await rig.send(fromGithub('workflow_run', text, { delivery: 'proto' }))).status).toBe(202);
    const dispatch = JSON.stringify({ action: 'polluting', repository: { full_name: 'acme/shop' }, client_payload: { kept: 1 } }).replace('{"kept"', '{"__proto__":{"polluted":true},"kept"');
    expect((await rig.send(fromGithub('repository_dispatch', dispatch, { delivery: 'proto-custom' }))).status).toBe(202);
    const events = await rig.events(6);
    expect(events.find(({ causationid }) => causationid === 'github:proto')?.data.outcome).toBe('success');
    expect(JSON.stringify(events.find(({ causationid }) => causationid === 'github:proto-custom')?.data.payload)).not.toContain('polluted');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
