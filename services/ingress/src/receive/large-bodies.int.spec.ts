import { connect } from 'node:net';
import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIngress, type IngressRig } from '../../spec/ingress-rig.js';
import { fromGithub, workflowRun, type Sent } from '../../spec/signing.js';

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

const large = (id: number, delivery: string): Sent => fromGithub('workflow_run', { ...workflowRun({ id }), padding: 'x'.repeat(3 * MEGABYTE) }, { delivery });

const causes = async (): Promise<string[]> => (await rig.events(1)).map(({ causationid }) => causationid);

describe('large bodies', () => {
  it('that nobody finishes keep other large ones out, who are told so, and small ones not at all', async () => {
    const { hostname, port } = new URL(rig.url);
    const begin = `POST /hooks/github HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${20 * MEGABYTE}\r\n\r\n`;
    const sockets = Array.from({ length: 11 }, () => connect(Number(port), hostname));
    sockets.forEach((socket) => socket.on('error', () => {}).write(Buffer.concat([Buffer.from(begin), Buffer.alloc(2 * MEGABYTE, 0x20)])));
    const kept = await waitFor(async () => {
      const answer = await rig.send(large(310, 'kept-out'));
      return answer.status === 503 && answer;
    }, { what: 'no room' });
    expect(kept.headers.get('retry-after')).toBe('10');
    expect((await rig.send(fromGithub('workflow_run', workflowRun({ id: 311 })))).status).toBe(202);
    sockets.forEach((socket) => socket.destroy());
    await waitFor(async () => (await rig.send(large(312, 'let-in'))).status === 202, { what: 'room again' });
  }, 180_000);

  it('may come many at once and all become events', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const answers = await Promise.all(names.map(async (name, index) => (await rig.send(large(320 + index, name))).status));
    expect(answers).toEqual([202, 202, 202, 202]);
    await waitFor(async () => {
      const found = await causes();
      return names.every((name) => found.includes(`github:${name}`));
    }, { what: 'the events of all', timeoutMs: 40_000 });
  }, 180_000);
});
