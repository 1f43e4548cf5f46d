import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshJournal } from '../spec/hook-receiver.js';
import { type RunningChatSimulator, startChatSimulator } from './chat.simulator.js';

const KEY = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';

describe('the chat simulator', () => {
  let chat: RunningChatSimulator;
  const journalFile = freshJournal();
  const start = async (): Promise<void> =>
    void (chat = await startChatSimulator({ journalFile, slackToken: 's', discordToken: 'd', webhookSecret: KEY }));
  const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const verdict = async (url: string, body: unknown): Promise<unknown> => {
    const response = await post(url, body);
    return [response.status, await response.text()];
  };

  beforeEach(start);
  afterEach(() => chat.close());

  it("takes Slack messages within the limits and refuses others in Slack's words", async () => {
    expect(await verdict(chat.slackUrl, { text: 'hello' })).toEqual([200, 'ok']);
    expect(await verdict(chat.slackUrl, 'no json')).toEqual([400, 'invalid_payload']);
    expect(await verdict(chat.slackUrl, {})).toEqual([400, 'no_text']);
    const section = { type: 'section', text: { type: 'mrkdwn', text: 'x' } };
    expect(await verdict(chat.slackUrl, { text: 'a', blocks: Array.from({ length: 50 }, () => section) })).toEqual([200, 'ok']);
    expect(await verdict(chat.slackUrl, { text: 'a', blocks: Array.from({ length: 51 }, () => section) })).toEqual([400, 'invalid_blocks']);
    expect(await verdict(chat.slackUrl, { text: 'a', blocks: [{ ...section, text: { type: 'mrkdwn', text: 'x'.repeat(3001) } }] })).toEqual([
      400,
      'invalid_blocks',
    ]);
    expect(await verdict(`${chat.slackUrl}x`, { text: 'hello' })).toEqual([404, 'no_service']);
  });

  it('takes Discord messages within the limits', async () => {
    expect((await post(chat.discordUrl, { content: 'hello' })).status).toBe(204);
    expect(await (await post(`${chat.discordUrl}?wait=true`, { embeds: [{ title: 't', description: 'd' }] })).json()).toMatchObject({
      embeds: [{ title: 't' }],
    });
    expect((await post(chat.discordUrl, { content: 'x'.repeat(2001) })).status).toBe(400);
    expect((await post(chat.discordUrl, { embeds: [{ description: 'x'.repeat(4096) }, { description: 'x'.repeat(1905) }] })).status).toBe(400);
    expect((await post(chat.discordUrl, {})).status).toBe(400);
  });

  it('says 429 as Discord does, with a fraction of a second', async () => {
    chat.faults.add({
      kind: 'status',
      status: 429,
      path: '/discord/*',
      retryAfter: 1,
      body: { message: 'You are being rate limited.', retry_after: 0.35, global: false },
    });
    const response = await post(chat.discordUrl, { content: 'hello' });
    expect([response.status, await response.json()]).toMatchObject([429, { retry_after: 0.35 }]);
    expect((await post(chat.discordUrl, { content: 'hello' })).status).toBe(204);
  });

  it('takes a signed webhook and no other', async () => {
    const body = '{"type":"run.succeeded"}';
    const now = new Date();
    const headers = {
      'webhook-id': 'm1',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(KEY).sign('m1', now, body),
    };
    expect((await post(chat.webhookUrl, body, headers)).status).toBe(204);
    expect((await post(chat.webhookUrl, body.replace('succeeded', 'failed'), headers)).status).toBe(401);
    expect(chat.messages().filter((message) => message.channel === 'webhook')).toMatchObject([{ id: 'm1', body: { type: 'run.succeeded' } }]);
  });

  it('still holds every message after a restart', async () => {
    const before = chat.messages();
    expect(before.length).toBeGreaterThan(0);
    await chat.close();
    await start();
    expect(chat.messages()).toEqual(before);
  });
});
