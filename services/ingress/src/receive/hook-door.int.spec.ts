import { connect } from 'node:net';
import { createHmac } from 'node:crypto';
import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIngress, type IngressRig } from '../../spec/ingress-rig.js';
import { rawRequest } from '../../spec/raw-request.js';
import { SECRETS, fromGithub, standardSigned, workflowRun, type Sent } from '../../spec/signing.js';

const MEGABYTE = 1_024 ** 2;

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

const answerTo = async (sent: Sent): Promise<{ status: number; type: string | null; body: Record<string, unknown> }> => {
  const response = await rig.send(sent);
  return { status: response.status, type: response.headers.get('content-type'), body: (await response.json()) as Record<string, unknown> };
};

const without = (sent: Sent, name: string): Sent => ({ ...sent, headers: Object.fromEntries(Object.entries(sent.headers).filter(([key]) => key !== name)) });
const withHeader = (sent: Sent, name: string, value: string): Sent => ({ ...sent, headers: { ...sent.headers, [name]: value } });
const signedGithub = (body: string | Buffer, headers: Record<string, string> = {}): Sent => ({
  path: '/hooks/github', body,
  headers: {
    'content-type': 'application/json', 'x-github-event': 'workflow_run', 'x-github-delivery': `d-${Math.random()}`,
    'x-hub-signature-256': `sha256=${createHmac('sha256', SECRETS.github).update(body).digest('hex')}`, ...headers,
  },
});

describe('a hook that is taken', () => {
  it('gets 202 with its id, is stored as it came, and tells its event', async () => {
    const sent = fromGithub('workflow_run', workflowRun({ id: 101 }), { delivery: 'first' });
    const answer = await answerTo(withHeader(withHeader(sent, 'authorization', 'Bearer x'), 'cookie', 'a=b'));
    expect(answer).toMatchObject({ status: 202, body: { id: 'github:first', duplicate: false } });
    const [hook] = (await rig.stored('HOOKS')).filter(({ headers }) => headers['hook-id'] === 'github:first');
    expect(hook!.body.toString()).toBe(sent.body);
    expect(hook!.headers).toMatchObject({ 'hook-x-github-event': 'workflow_run', 'nats-msg-id': 'github:first' });
    expect(Object.keys(hook!.headers).join()).not.toMatch(/authorization|cookie|signature/);
    const event = (await rig.events(1)).find(({ causationid }) => causationid === 'github:first')!;
    expect(event).toMatchObject({
      id: 'github:first:pipelinerun.finished', source: '/connections/github', type: 'dev.stellwerk.pipelinerun.finished.v1', correlationid: 'github:first',
      fact: 'https://api.github.com/acme/shop/pipelinerun/101/1/finished', data: { outcome: 'success', hook: 'github:first', branch: 'main' },
    });
  });

  it('five times at once is one message and one event', async () => {
    const sent = fromGithub('workflow_run', workflowRun({ id: 102 }), { delivery: 'five-times' });
    const answers = await Promise.all(Array.from({ length: 5 }, () => answerTo(sent)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect(answers.filter(({ body }) => body.duplicate === false)).toHaveLength(1);
    await rig.send(fromGithub('workflow_run', workflowRun({ id: 103 }), { delivery: 'after-five' }));
    const of = (id: string) => async () => (await rig.stored('EVENTS')).filter(({ headers }) => headers['nats-msg-id']?.startsWith(id));
    await waitFor(async () => (await of('github:after-five')()).length === 1, { what: 'the event after' });
    expect(await of('github:five-times')()).toHaveLength(1);
    expect((await rig.stored('HOOKS')).filter(({ headers }) => headers['hook-id'] === 'github:five-times')).toHaveLength(1);
  });

  it.each([
    ['the old secret, while both are configured', () => fromGithub('ping', { zen: 'Hi' }, { secret: SECRETS.githubOld })],
    ['an event nobody listens to', () => fromGithub('no_such_event', { any: 'thing' })],
    ['JSON that is no object', () => fromGithub('push', '[1,2]')],
    ['a signing token of GitLab', () => standardSigned('/hooks/gitlab', { object_kind: 'note' }, SECRETS.gitlab)],
    ['a token of GitLab', () => ({ path: '/hooks/gitlab', headers: { 'content-type': 'application/json', 'x-gitlab-token': SECRETS.gitlabToken }, body: '{"object_kind":"note"}' })],
    ['a signature of Jenkins', () => standardSigned('/hooks/jenkins', { name: 'x', build: {} }, SECRETS.jenkins)],
    ['the token of the notification plugin', () => ({ path: `/hooks/jenkins?token=${SECRETS.jenkinsToken}`, headers: { 'content-type': 'application/json;charset=UTF-8' }, body: '{"name":"x"}' })],
    ['any signed JSON', () => standardSigned('/hooks/sender', { hello: 'world' }, SECRETS.webhook)],
  ])('202 also for %s', async (_, sent) => {
    expect((await answerTo(sent())).status).toBe(202);
  });

  it("may be GitHub's form", async () => {
    const body = new URLSearchParams({ payload: JSON.stringify(workflowRun({ id: 104, head_branch: 'release/ü' })) }).toString();
    const answer = await answerTo(signedGithub(body, { 'content-type': 'application/x-www-form-urlencoded', 'x-github-delivery': 'a-form' }));
    expect(answer.status).toBe(202);
    const event = await waitFor(async () => (await rig.events(1)).find(({ causationid }) => causationid === 'github:a-form'), { what: 'the event of a form' });
    expect(event.data.branch).toBe('release/ü');
  });

  it('may be as large as 20 MB: its body waits in the database', async () => {
    const large = JSON.stringify({ ...workflowRun({ id: 105 }), padding: 'x'.repeat(20 * MEGABYTE) });
    const answer = await answerTo(signedGithub(large, { 'x-github-delivery': 'large' }));
    expect(answer).toMatchObject({ status: 202, body: { id: 'github:large' } });
    const event = await waitFor(async () => (await rig.events(1)).find(({ causationid }) => causationid === 'github:large'), { what: 'the event of 20 MB', timeoutMs: 25_000 });
    expect(event.data.run?.id).toBe('105');
    const [hook] = (await rig.stored('HOOKS')).filter(({ headers }) => headers['hook-id'] === 'github:large');
    expect(hook!.body.length).toBe(0);
    expect(hook!.headers['hook-body-ref']).toBe('github:large');
  });
});

describe('a hook that is refused', () => {
  const good = (): Sent => fromGithub('workflow_run', workflowRun({ id: 200 }));
  const tooLarge = (): Buffer => Buffer.alloc(26 * MEGABYTE + 1, 0x20);

  it.each([
    ['404 unknown connection', () => ({ ...good(), path: '/hooks/nobody' }), 404],
    ['404 a connection without a secret', () => ({ ...good(), path: '/hooks/closed' }), 404],
    ['404 a name that every object has', () => ({ ...good(), path: '/hooks/constructor' }), 404],
    ['404 no connection at all', () => ({ ...good(), path: '/hooks/' }), 404],
    ['413 one byte over the limit', () => signedGithub(tooLarge()), 413],
    ['415 no content type', () => without(signedGithub(Buffer.from('{}')), 'content-type'), 415],
    ['415 a wrong content type', () => withHeader(good(), 'content-type', 'text/plain'), 415],
    ['415 a malformed content type', () => withHeader(good(), 'content-type', ';;;'), 415],
    ['415 a form for another platform', () => withHeader(standardSigned('/hooks/gitlab', {}, SECRETS.gitlab), 'content-type', 'application/x-www-form-urlencoded'), 415],
    ['415 an encoding', () => withHeader(good(), 'content-encoding', 'gzip'), 415],
    ['401 no signature', () => without(good(), 'x-hub-signature-256'), 401],
    ['401 a forged signature', () => fromGithub('workflow_run', workflowRun(), { secret: 'guessed' }), 401],
    ['401 a tampered body', () => ({ ...good(), body: `${good().body as string} ` }), 401],
    ['401 an empty body', () => ({ ...good(), body: '' }), 401],
    ['401 a stale timestamp', () => standardSigned('/hooks/gitlab', {}, SECRETS.gitlab, new Date(Date.now() - 301_000)), 401],
    ['401 a forged signature beside a right token', () => withHeader(standardSigned('/hooks/gitlab', {}, SECRETS.webhook), 'x-gitlab-token', SECRETS.gitlabToken), 401],
    ['401 a wrong token', () => ({ path: '/hooks/jenkins?token=wrong', headers: { 'content-type': 'application/json' }, body: '{}' }), 401],
    ['401 two tokens', () => ({ path: `/hooks/jenkins?token=${SECRETS.jenkinsToken}&token=x`, headers: { 'content-type': 'application/json' }, body: '{}' }), 401],
    ['400 not JSON', () => signedGithub('{"half":'), 400],
    ['400 nothing, though signed', () => signedGithub(''), 400],
    ['400 nested too deep', () => signedGithub('['.repeat(100_000)), 400],
    ['400 not UTF-8', () => signedGithub(Buffer.from([0x22, 0xff, 0x22])), 400],
  ])('%s', async (_, sent, status) => {
    const before = (await rig.stored('HOOKS')).length;
    const answer = await answerTo(sent());
    expect(answer).toMatchObject({ status, type: 'application/problem+json', body: { type: 'about:blank', status } });
    expect((await rig.stored('HOOKS')).length).toBe(before);
  });

  it('with 401 is told nothing more', async () => {
    const { body } = await answerTo(fromGithub('push', {}, { secret: 'guessed' }));
    expect(body).toEqual({ type: 'about:blank', title: 'Unauthorized', status: 401 });
  });

  it('is refused for the first reason in the order 404, 413, 415, 401, 400', async () => {
    const everythingWrong: Sent = { path: '/hooks/nobody', headers: { 'content-type': ';;;' }, body: tooLarge() };
    const statuses = [
      everythingWrong,
      { ...everythingWrong, path: '/hooks/github' },
      { ...everythingWrong, path: '/hooks/github', body: '{"half":' },
      { path: '/hooks/github', headers: { 'content-type': 'application/json' }, body: '{"half":' },
      signedGithub('{"half":'),
    ];
    const answers = [];
    for (const sent of statuses) answers.push((await answerTo(sent)).status);
    expect(answers).toEqual([404, 413, 415, 401, 400]);
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('405 by %s', async (method) => {
    const response = await fetch(`${rig.url}/hooks/github`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await response.json()).toMatchObject({ status: 405 });
  });
});

describe('lengths that lie', () => {
  const head = 'POST /hooks/github HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

  it('413 for a length over the limit, before a byte of it has come', async () => {
    expect(await rawRequest(rig.url, `${head}content-length: ${27 * MEGABYTE}\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 413 /);
  });

  it('413 for chunks that go past the limit without a length', async () => {
    const stream = new ReadableStream({
      start: (controller) => {
        for (let sent = 0; sent < 27; sent += 1) controller.enqueue(new Uint8Array(MEGABYTE));
        controller.close();
      },
    });
    const response = await fetch(`${rig.url}/hooks/github`, { method: 'POST', body: stream, duplex: 'half', headers: { 'content-type': 'application/json' } } as RequestInit);
    expect(response.status).toBe(413);
  });

  it('a body shorter than its length is never taken for whole', async () => {
    const before = (await rig.stored('HOOKS')).length;
    const { hostname, port } = new URL(rig.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.end(`${head}content-length: 100\r\n\r\n{}`));
      socket.on('close', () => resolve());
      socket.resume();
    });
    expect((await rig.stored('HOOKS')).length).toBe(before);
  });

  it('length and chunks together are refused', async () => {
    expect(await rawRequest(rig.url, `${head}content-length: 2\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe('after all of that', () => {
  it('what cannot be read is in the dead letters, what is not wanted was counted', async () => {
    const dead = await waitFor(async () => {
      const found = await rig.stored('DEAD_LETTERS');
      return found.length > 0 && found;
    }, { what: 'dead letters' });
    expect(dead.map(({ subject }) => subject)).toEqual(['dead-letters.HOOKS.ingress-hooks']);
    expect(dead[0]!.headers['dead-letter-reason']).toContain('no JSON object');
    const text = await rig.metrics.registry.metrics();
    expect(text).toContain('stellwerk_ingress_ignored_total{platform="github",reason="ping"} 1');
    expect(text).toMatch(/stellwerk_ingress_hooks_total\{connection="github",answer="401"\} [1-9]/);
    expect(text).not.toContain('nobody');
  });
});
