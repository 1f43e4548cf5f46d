import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpClient } from '@stellwerk/http';
import { hookPlatforms } from '@stellwerk/platforms';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../plan/notice.js';
import { webhookChannel } from './webhook.channel.js';

const newKey = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const [KEY, OLD, OTHER] = [newKey(), newKey(), newKey()];
const NOW = new Date();
const notice: Notice = {
  word: 'failed', at: '2026-01-01T00:03:24.000Z', run: 'run-1', flow: 'release', attempt: 1, version: 7, state: 'failed', url: 'http://127.0.0.1:8081/runs/run-1',
  reason: 'größer als erlaubt 🚦 </script> \u2028 \ud800', steps: [],
};

interface Arrived {
  headers: Record<string, string>;
  body: Buffer;
}

/** What a receiver gets, over real HTTP by the client that the notifier sends with. */
const arrived: Arrived[] = [];
let receiver: Server;
const http = new HttpClient();

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      arrived.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks) });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => (receiver.close(resolve), receiver.closeAllConnections())));
beforeEach(() => void (arrived.length = 0));

const send = async (secret: string, now = NOW, id = 'msg_1'): Promise<Arrived> => {
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const request = webhookChannel.request({ id, notice }, { url, secret }, now);
  expect((await http.request({ method: 'POST', ...request, timeoutMs: 5_000, allow: ['127.0.0.0/8'] })).status).toBe(204);
  return arrived.at(-1)!;
};
/** The reference library, as a receiver uses it. */
const taken = ({ headers, body }: Arrived, key: string): boolean => {
  try {
    new Webhook(key).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};

describe('a signed webhook that Stellwerk sends', () => {
  it('is taken by the reference library and by a webhook connection of another Stellwerk', async () => {
    const sent = await send(KEY);
    expect(new Webhook(KEY).verify(sent.body, sent.headers)).toMatchObject({ type: 'run.failed', timestamp: notice.at, data: { run: 'run-1', flow: 'release' } });
    const request = { ...sent, query: {} };
    expect(hookPlatforms.webhook!.verify(request, { secrets: [OTHER, KEY], tokens: [] }, NOW)).toBe(true);
    expect(hookPlatforms.webhook!.verify(request, { secrets: [OTHER], tokens: [] }, NOW)).toBe(false);
    expect(hookPlatforms.webhook!.deliveryId(request)).toBe('msg_1');
  });

  it('is signed as the specification says, byte for byte', async () => {
    const { headers, body } = await send(KEY);
    const signed = createHmac('sha256', Buffer.from(KEY.slice('whsec_'.length), 'base64')).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`).update(body);
    expect(headers['webhook-signature']).toBe(`v1,${signed.digest('base64')}`);
    expect(headers['content-type']).toBe('application/json');
  });

  it('keeps its id over the tries and tells the time of each', async () => {
    const first = await send(KEY, new Date(NOW.getTime() - 20_000));
    const second = await send(KEY, NOW);
    expect([first.headers['webhook-id'], first.body]).toEqual([second.headers['webhook-id'], second.body]);
    expect(Number(second.headers['webhook-timestamp']) - Number(first.headers['webhook-timestamp'])).toBe(20);
    expect([taken(first, KEY), taken(second, KEY)]).toEqual([true, true]);
  });

  it('is refused by another key, when it is old, changed, laid out anew, or lacks a header', async () => {
    const sent = await send(KEY);
    expect(taken(sent, OTHER)).toBe(false);
    expect(taken(await send(KEY, new Date(NOW.getTime() - 6 * 60_000)), KEY)).toBe(false);
    expect(taken({ ...sent, body: Buffer.from(JSON.stringify(JSON.parse(sent.body.toString('utf8')), null, 1)) }, KEY)).toBe(false);
    expect(taken({ ...sent, headers: { ...sent.headers, 'webhook-id': 'msg_2' } }, KEY)).toBe(false);
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
      const { [name]: _, ...headers } = sent.headers;
      expect(taken({ ...sent, headers: headers as Record<string, string> }, KEY)).toBe(false);
    }
  });

  it('is taken by whoever has either key while the key is changed', async () => {
    for (const secret of [`${KEY} ${OLD}`, `${OLD}\n${KEY}\n`]) {
      const sent = await send(secret);
      expect([taken(sent, KEY), taken(sent, OLD), taken(sent, OTHER)]).toEqual([true, true, false]);
      expect(hookPlatforms.webhook!.verify({ ...sent, query: {} }, { secrets: [OLD], tokens: [] }, NOW)).toBe(true);
    }
  });

  it.each([undefined, '', '  ', 'not base64!', `${KEY} not-a-key!`])('is not sent with the secret %j', (secret) => {
    expect(() => webhookChannel.request({ id: 'msg_1', notice }, { url: 'http://127.0.0.1/', secret }, NOW)).toThrow(/secret/);
  });
});
