import { HttpFailure, type HttpResponse } from '@stellwerk/http';
import { describe, expect, it } from 'vitest';
import { kindOf } from '../channels/index.js';
import { verdictOfAnswer, verdictOfFailure } from './verdict.js';

const now = new Date('2026-01-01T00:00:00Z');
const answer = (status: number, headers: Record<string, string> = {}, text = ''): HttpResponse => ({ status, headers, text, json: <T>() => JSON.parse(text) as T });
const trial = (type: 'slack' | 'discord' | 'webhook', attempt = 1) => ({ kind: kindOf(type)!, attempt, now, random: () => 0.5 });

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
