import type { HttpResponse } from '@stellwerk/http';
import { HttpFailure } from '@stellwerk/http';
import { describe, expect, it } from 'vitest';
import { verdictOfAnswer, verdictOfFailure } from '../deliveries/verdict.js';
import type { Notice } from '../plan/notice.js';
import { slackBotChannel } from './slack-bot.channel.js';

const now = new Date('2026-01-01T00:00:00Z');
const text = (body: string, headers: Record<string, string> = {}): HttpResponse => ({ status: 200, headers, text: body, json: <T>() => JSON.parse(body) as T });
const answer = (body: object, headers: Record<string, string> = {}): HttpResponse => text(JSON.stringify(body), headers);
const refused = (error: unknown): HttpResponse => answer({ ok: false, error });
const trial = { kind: slackBotChannel, attempt: 1, now, random: () => 0.5 };
const post = (response: HttpResponse) => verdictOfAnswer(trial, response);
const edit = (response: HttpResponse) => verdictOfAnswer({ ...trial, editing: true }, response);

const notice: Notice = { word: 'failed', at: now.toISOString(), run: 'r1', flow: 'release', attempt: 1, version: 7, state: 'failed', url: 'https://ci/runs/r1', branch: '<!here>', steps: [] };
const revealed = { url: 'https://slack.com/api', bot: { token: 'xoxb-1', channel: '#releases' } };
const living = { place: 'C0RELEASES', ts: '1.2' };
const request = (some: object) => {
  const { url, headers, body } = slackBotChannel.request({ id: 'msg_1', notice, ...some }, revealed, now);
  return { method: url.split('/').at(-1), headers, body: JSON.parse(body!) as Record<string, unknown> };
};

describe('what a bot asks of Slack', () => {
  it('a post where there is no message, an edit by the id of its channel where there is one, a line in its thread', () => {
    expect(request({})).toMatchObject({ method: 'chat.postMessage', headers: { authorization: 'Bearer xoxb-1' }, body: { channel: '#releases' } });
    expect(request({ living, lane: 'message' })).toMatchObject({ method: 'chat.update', body: { channel: 'C0RELEASES', ts: '1.2' } });
    expect(request({ living, lane: 'thread' })).toMatchObject({ method: 'chat.postMessage', body: { channel: 'C0RELEASES', thread_ts: '1.2' } });
  });

  it('never to make links or names of a text, and always with what it can be found by', () => {
    for (const some of [{}, { living }, { living, lane: 'thread' }]) {
      const { body } = request(some);
      expect(body).toMatchObject({ parse: 'none', link_names: false, metadata: { event_type: 'stellwerk_delivery', event_payload: { delivery: 'msg_1', run: 'r1', version: 7 } } });
      expect(JSON.stringify(body)).not.toContain('<!here>');
    }
  });
});

describe('what Slack answers', () => {
  it('ok: where a new message stands', () => {
    expect(post(answer({ ok: true, channel: 'C1', ts: '1.2' }))).toEqual({ end: 'delivered', posted: { place: 'C1', ts: '1.2' } });
    expect(edit(answer({ ok: true, channel: 'C1', ts: '1.2' }))).toEqual({ end: 'delivered' });
  });
  it.each(['message_not_found', 'cant_update_message', 'edit_window_closed'])('%s to an edit: a new message; to a post it is the end', (error) => {
    expect(edit(refused(error))).toMatchObject({ end: 'renew', reason: expect.stringContaining(error) });
    expect(post(refused(error))).toMatchObject({ end: 'dead' });
  });
  it.each(['channel_not_found', 'not_in_channel', 'is_archived', 'invalid_auth', 'token_revoked', 'missing_scope'])('%s: the end, and what to do', (error) =>
    expect(post(refused(error))).toMatchObject({ end: 'dead', reason: expect.stringMatching(new RegExp(`^Slack says ${error}: .{10}`)) }));
  it('too fast: the channel waits as long as it is told', () => {
    expect(post(answer({ ok: false, error: 'ratelimited' }, { 'retry-after': '7' }))).toMatchObject({ end: 'again', gate: true, waitMs: 7_000 });
    expect(post({ ...refused('ratelimited'), status: 429, headers: { 'retry-after': '3' } })).toMatchObject({ end: 'again', gate: true, waitMs: 3_000 });
  });
  it.each(['internal_error', 'fatal_error'])('%s: it may have been done; only an edit is repeated', (error) => {
    expect(post(refused(error))).toMatchObject({ end: 'unknown' });
    expect(edit(refused(error))).toMatchObject({ end: 'again' });
  });
  it.each(['<html>', 'null', '"ok"', '{}'])('%s is no answer of Slack', (body) => {
    expect(post(text(body))).toMatchObject({ end: 'unknown' });
    expect(edit(text(body))).toMatchObject({ end: 'again' });
  });
  it('passes on no text that is no error of Slack', () => expect(post(refused('<!channel> https://evil'))).toEqual({ end: 'dead', reason: 'Slack says an error without a name' }));
  it('nothing: an edit is repeated, a post is not', () => {
    const reset = new HttpFailure('sent', 'reset', 'x');
    expect(verdictOfFailure({ ...trial, editing: true }, reset)).toMatchObject({ end: 'again' });
    expect(verdictOfFailure(trial, reset)).toMatchObject({ end: 'unknown' });
  });
});
