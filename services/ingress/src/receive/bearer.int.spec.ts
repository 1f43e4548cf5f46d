import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIngress, type IngressRig } from '../../spec/ingress-rig.js';
import { SECRETS, standardSigned, type Sent } from '../../spec/signing.js';

const RUN = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
let nats: TestNats;
let rig: IngressRig;

beforeAll(async () => {
  nats = await startTestNats();
  rig = await startIngress(nats.url, await testDatabaseUrl());
});
afterAll(async () => {
  await rig?.stop();
  await nats?.stop();
});

const report = (headers: Record<string, string>, data: object = {}): Sent => ({
  path: '/hooks/flows', headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ type: 'pipelinerun.finished', timestamp: '2026-11-24T08:10:00Z', data: { id: RUN, repository: 'etl/nightly', outcome: 'COMPLETED', ...data } }),
});
const bearer = { authorization: `Bearer ${SECRETS.bearer}` };

describe('a hook of a sender that cannot sign', () => {
  it('is taken with its token, which is stored nowhere, and tells its run', async () => {
    const answer = await rig.send(report({ ...bearer, 'idempotency-key': 'once' }));
    expect([answer.status, await answer.json()]).toEqual([202, { id: 'flows:once', duplicate: false }]);
    expect(await (await rig.send(report({ ...bearer, 'idempotency-key': 'once' }))).json()).toEqual({ id: 'flows:once', duplicate: true });
    const event = await waitFor(async () => (await rig.events(1)).find(({ causationid }) => causationid === 'flows:once'), { what: 'its event' });
    expect(event).toMatchObject({ fact: `https://prefect.example.com/api/etl/nightly/pipelinerun/${RUN}/1/finished`, data: { platform: 'prefect', outcome: 'success' } });
    for (const { headers, body } of await rig.stored('HOOKS')) expect(JSON.stringify(headers) + body.toString()).not.toContain(SECRETS.bearer);
  });

  it.each([
    ['no token', {}], ['another token', { authorization: `Bearer ${SECRETS.bearer}x` }], ['the token as Basic', { authorization: `Basic ${btoa(`x:${SECRETS.bearer}`)}` }],
    ['the token in another header', { 'x-gitlab-token': SECRETS.bearer }],
  ])('is 401 with %s', async (_, headers) => {
    expect((await rig.send(report(headers))).status).toBe(401);
  });

  it('is 401 with the token in the query, and with a signature nobody can verify', async () => {
    expect((await rig.send({ ...report({}), path: `/hooks/flows?token=${SECRETS.bearer}` })).status).toBe(401);
    expect((await rig.send(standardSigned('/hooks/flows', { type: 'x' }, SECRETS.webhook))).status).toBe(401);
  });
});

describe('a call back to a webhook', () => {
  it('tells of the run that our command began, and only when it is signed', async () => {
    const command = '8f14e45f-ceea-8167-a5a3-6dedd4bea254:call:run:1';
    const body = { type: 'pipelinerun.finished', timestamp: new Date().toISOString(), data: { stellwerkId: command, outcome: 'success' } };
    expect((await rig.send({ path: '/hooks/sender', headers: { 'content-type': 'application/json', ...bearer }, body: JSON.stringify(body) })).status).toBe(401);
    expect((await rig.send(standardSigned('/hooks/sender', body, SECRETS.webhook))).status).toBe(202);
    const event = await waitFor(async () => (await rig.events(2)).find(({ data }) => data.correlation === command), { what: 'its event' });
    expect(event).toMatchObject({ type: 'dev.stellwerk.pipelinerun.finished.v1', data: { repository: 'sender', outcome: 'success' } });
    expect(event.fact).toMatch(/^https:\/\/sender\.example\.com\/sender\/pipelinerun\/stellwerk-[0-9a-f]{40}\/1\/finished$/);
  });
});
