import type { ChannelType } from '@stellwerk/flows';
import { HttpFailure, MalformedResponse, type HttpResponse } from '@stellwerk/http';
import { describe, expect, it } from 'vitest';
import { kindOf } from '../channels/index.js';
import { verdictOfAnswer, verdictOfFailure, verdictOfReply } from './verdict.js';

const now = new Date('2026-01-01T00:00:00Z');
const answer = (status: number, headers: Record<string, string> = {}, text = ''): HttpResponse => ({
  status, headers, text,
  json: <T>() => {
    if (!text.startsWith('{')) throw new MalformedResponse(status);
    return JSON.parse(text) as T;
  },
});
const trial = (type: ChannelType, attempt = 1) => ({ kind: kindOf(type)!, attempt, now, random: () => 0.5 });

describe('an answer', () => {
  it('2xx is delivered', () => {
    expect(verdictOfAnswer(trial('slack'), answer(200, {}, 'ok'))).toEqual({ end: 'delivered' });
    expect(verdictOfAnswer(trial('discord'), answer(204))).toEqual({ end: 'delivered' });
  });
  it('429 makes the whole channel wait: Slack by header, Discord by fractional seconds in the body', () => {
    expect(verdictOfAnswer(trial('slack'), answer(429, { 'retry-after': '7' }))).toMatchObject({ end: 'again', waitMs: 7_000, gate: true });
    expect(verdictOfAnswer(trial('discord'), answer(429, { 'retry-after': '1' }, '{"retry_after":0.337}'))).toMatchObject({ end: 'again', waitMs: 337, gate: true });
    expect(verdictOfAnswer(trial('discord'), answer(429, { 'retry-after': '3' }, '<html>'))).toMatchObject({ waitMs: 3_000 });
    expect(verdictOfAnswer(trial('slack'), answer(429))).toMatchObject({ waitMs: 30_000 });
  });
  it.each([400, 401, 403, 404, 410, 302])('%i is the end', (status) => expect(verdictOfAnswer(trial('slack'), answer(status))).toMatchObject({ end: 'dead' }));
  it('5xx is tried again by the schedule, until that is used up', () => {
    expect(verdictOfAnswer(trial('webhook', 1), answer(500))).toMatchObject({ end: 'again', waitMs: 5_000 });
    expect(verdictOfAnswer(trial('webhook', 2), answer(503))).toMatchObject({ end: 'again', waitMs: 300_000 });
    expect(verdictOfAnswer(trial('webhook', 10), answer(503))).toMatchObject({ end: 'dead', reason: 'HTTP 503; given up after 10 tries' });
  });
  it('of a gateway leaves open whether it arrived: only a signed webhook, which has an id, is repeated', () => {
    expect(verdictOfAnswer(trial('slack'), answer(502))).toMatchObject({ end: 'unknown' });
    expect(verdictOfAnswer(trial('webhook'), answer(504))).toMatchObject({ end: 'again' });
  });
});

describe('an answer of PagerDuty', () => {
  const refusal = JSON.stringify({ status: 'invalid event', message: 'Event object is invalid', errors: ["Length of 'routing_key' is incorrect"] });
  it('400 is the end, in its words', () => expect(verdictOfAnswer(trial('pagerduty'), answer(400, {}, refusal)))
    .toEqual({ end: 'dead', reason: "HTTP 400: Event object is invalid; Length of 'routing_key' is incorrect" }));
  it('is kept without the key that it repeats, and not without end', () => {
    const verdict = verdictOfAnswer({ ...trial('pagerduty'), secret: 'K3Y' }, answer(400, {}, JSON.stringify({ message: `K3Y${'x'.repeat(9_000)}K3Y` })));
    expect(verdict).toMatchObject({ end: 'dead', reason: expect.not.stringContaining('K3Y') });
    expect(JSON.stringify(verdict).length).toBeLessThan(400);
  });
  it('that is no JSON is its status', () => expect(verdictOfAnswer(trial('pagerduty'), answer(403, {}, '<html>'))).toEqual({ end: 'dead', reason: 'HTTP 403' }));
  it('429 and 5xx is for minutes later, a gateway too: a repetition is the same incident', () => {
    expect(verdictOfAnswer(trial('pagerduty'), answer(429))).toMatchObject({ end: 'again', waitMs: 60_000, gate: true });
    for (const status of [500, 502, 504]) expect(verdictOfAnswer(trial('pagerduty'), answer(status))).toMatchObject({ end: 'again', waitMs: 60_000 });
  });
});

describe('an answer of a mail server', () => {
  it('2yz is delivered, and says for whom it is not', () => {
    expect(verdictOfReply(trial('mail'), { code: 250, said: '' })).toEqual({ end: 'delivered' });
    expect(verdictOfReply(trial('mail'), { code: 250, said: '', refused: [{ recipient: 1, code: 550 }] })).toEqual({ end: 'delivered', reason: 'not taken for to[1] (550)' });
  });
  it.each([421, 450, 451, 452])('%i may pass', (code) => expect(verdictOfReply(trial('mail'), { code, said: `${code} later` })).toMatchObject({ end: 'again', waitMs: 2_000, reason: `SMTP ${code} later` }));
  it.each([500, 535, 550, 554])('%i will not', (code) => expect(verdictOfReply(trial('mail'), { code, said: `${code} never` })).toEqual({ end: 'dead', reason: `SMTP ${code} never` }));
});

describe('no answer', () => {
  it('is tried again when nothing was sent', () =>
    expect(verdictOfFailure(trial('slack'), new HttpFailure('not-sent', 'refused', 'x'))).toMatchObject({ end: 'again' }));
  it('is unknown when it may have arrived, and never repeated to people', () => {
    expect(verdictOfFailure(trial('discord'), new HttpFailure('sent', 'timeout', 'x'))).toMatchObject({ end: 'unknown' });
    expect(verdictOfFailure(trial('webhook'), new HttpFailure('sent', 'reset', 'x'))).toMatchObject({ end: 'again' });
  });
  it('to a private address is the end, and its text does not tell the address', () => {
    const verdict = verdictOfFailure(trial('slack'), new HttpFailure('not-sent', 'blocked', 'POST https://hooks.slack.com/services/T0/B0/secret: blocked'));
    expect(verdict).toMatchObject({ end: 'dead' });
    expect(JSON.stringify(verdict)).not.toContain('secret');
  });
});
