import { LogLevel, WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshJournal } from '../spec/hook-receiver.js';
import { type RunningChatSimulator, startChatSimulator } from './chat.simulator.js';

const BOT = {
  token: 'xoxb-1',
  channels: [{ id: 'C0RELEASES', name: 'releases' }, { id: 'C0SECRET', name: 'secret', member: false }, { id: 'C0OLD', name: 'old', archived: true }],
};

describe("the simulator of Slack's Web API, for users of @slack/web-api", () => {
  let chat: RunningChatSimulator;
  let slack: WebClient;
  const clientOf = (token: string): WebClient => new WebClient(token, { slackApiUrl: `${chat.slackApiUrl}/`, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logLevel: LogLevel.ERROR });
  const errorOf = async (call: Promise<unknown>): Promise<unknown> => call.then(() => 'taken', (error: { data?: { error?: unknown }; code?: unknown }) => error.data?.error ?? error.code);

  beforeAll(async () => {
    chat = await startChatSimulator({ journalFile: freshJournal(), slackToken: 's', discordToken: 'd', slackBot: BOT });
    slack = clientOf('xoxb-1');
  });
  afterAll(() => chat.close());

  it('posts by name, edits by id, and reads the thread back', async () => {
    const { ts, channel } = await slack.chat.postMessage({ channel: '#releases', text: 'started', metadata: { event_type: 'stellwerk_delivery', event_payload: { delivery: 'm1' } } });
    expect(channel).toBe('C0RELEASES');
    await slack.chat.postMessage({ channel: channel!, thread_ts: ts!, text: 'look here' });
    expect(await slack.chat.update({ channel: channel!, ts: ts!, text: 'failed', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'failed' } }] })).toMatchObject({ ok: true, ts, channel });
    const { messages } = await slack.conversations.replies({ channel: channel!, ts: ts! });
    expect(messages).toMatchObject([{ ts, text: 'failed' }, { thread_ts: ts, text: 'look here' }]);
    expect(chat.slackPosts()[0]).toMatchObject({ edited: ['started'] });
  });

  it("refuses in Slack's words, with status 200", async () => {
    const say = (channel: string, some: object = { text: 'x' }): Promise<unknown> => errorOf(slack.chat.postMessage({ channel, ...some } as never));
    expect([await say('#nowhere'), await say('#secret'), await say('old'), await say('releases', {})]).toEqual(['channel_not_found', 'not_in_channel', 'is_archived', 'no_text']);
    expect(await say('releases', { text: 'x', thread_ts: '1.1' })).toBe('thread_not_found');
    expect(await errorOf(slack.chat.update({ channel: 'C0RELEASES', ts: '1.1', text: 'x' }))).toBe('message_not_found');
    expect(await errorOf(slack.chat.update({ channel: '#releases', ts: '1.1', text: 'x' }))).toBe('channel_not_found');
    expect(await errorOf(clientOf('xoxb-2').auth.test())).toBe('invalid_auth');
    expect(await slack.auth.test()).toMatchObject({ ok: true });
  });

  it('lets its users wait: 429 with Retry-After', async () => {
    chat.faults.add({ kind: 'status', status: 429, path: '/slack/api/*', retryAfter: 7, body: { ok: false, error: 'ratelimited' } });
    await expect(slack.chat.postMessage({ channel: 'releases', text: 'x' })).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 7 });
  });
});
