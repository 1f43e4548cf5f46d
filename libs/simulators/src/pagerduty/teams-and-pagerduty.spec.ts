import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshJournal } from '../spec/hook-receiver.js';
import { startTeamsSimulator, type RunningTeamsSimulator } from '../teams/teams.simulator.js';
import { startPagerdutySimulator, type RunningPagerdutySimulator } from './pagerduty.simulator.js';

const post = async (url: string, body: unknown): Promise<{ status: number; body: string }> => {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', connection: 'close' }, body: JSON.stringify(body) });
  return { status: response.status, body: await response.text() };
};

describe('the simulator of PagerDuty', () => {
  const KEY = 'R'.repeat(32);
  const payload = { summary: 'release failed', source: 'acme/shop', severity: 'error' };
  const trigger = { routing_key: KEY, event_action: 'trigger', dedup_key: 'k', payload };
  let pagerduty: RunningPagerdutySimulator;

  beforeEach(async () => { pagerduty = await startPagerdutySimulator({ journalFile: freshJournal(), routingKey: KEY }); });
  afterEach(() => pagerduty.close());

  it('makes one alert of what has the same key, until it is resolved', async () => {
    const resolve = { routing_key: KEY, event_action: 'resolve', dedup_key: 'k' };
    for (const event of [resolve, trigger, trigger, resolve, resolve, trigger]) expect(await post(pagerduty.eventsUrl, event)).toMatchObject({ status: 202 });
    expect(pagerduty.alerts()).toMatchObject([{ key: 'k', state: 'triggered', opened: 2, triggers: 3 }]);
  });

  it.each([
    [{ ...trigger, routing_key: 'short' }, 'routing_key'], [{ ...trigger, event_action: 'open' }, 'event_action'], [{ ...trigger, dedup_key: 'k'.repeat(256) }, 'dedup_key'],
    [{ ...trigger, payload: { ...payload, summary: 's'.repeat(1_025) } }, 'summary'], [{ ...trigger, payload: { ...payload, severity: 'fatal' } }, 'severity'],
    [{ ...trigger, payload: { ...payload, source: '' } }, 'source'], [{ routing_key: KEY, event_action: 'resolve' }, 'dedup_key'], [{ ...trigger, routing_key: 'S'.repeat(32) }, 'Invalid routing key'],
  ])('refuses %j', async (event, said) => {
    const { status, body } = await post(pagerduty.eventsUrl, event);
    expect([status, body]).toEqual([400, expect.stringContaining(said)]);
    expect(pagerduty.alerts()).toEqual([]);
  });
});

describe('the simulator of Teams', () => {
  const message = (text: string) => ({ type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard', version: '1.4', body: [{ type: 'TextBlock', text }] } }] });
  let teams: RunningTeamsSimulator;

  beforeEach(async () => { teams = await startTeamsSimulator({ journalFile: freshJournal(), signature: 's' }); });
  afterEach(() => teams.close());

  it('takes a card in its envelope of at most 28 KB, from who knows the signature', async () => {
    expect(await post(teams.webhookUrl, message('hello'))).toEqual({ status: 202, body: '' });
    expect(await post(teams.webhookUrl, { text: 'hello' })).toMatchObject({ status: 400 });
    expect(await post(teams.webhookUrl, message('x'.repeat(28 * 1024)))).toMatchObject({ status: 413 });
    expect(await post(teams.webhookUrl.replace('sig=s', 'sig=t'), message('hello'))).toMatchObject({ status: 401 });
    expect(teams.cards()).toMatchObject([{ body: [{ text: 'hello' }] }]);
  });

  it('asks to wait when more come in a second than it takes', async () => {
    await teams.close();
    teams = await startTeamsSimulator({ journalFile: freshJournal(), signature: 's', perSecond: 1 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(teams.webhookUrl, message('hello'))));
    expect(answers.some(({ status }) => status === 429)).toBe(true);
    expect(teams.cards().length).toBe(answers.filter(({ status }) => status === 202).length);
  });
});
