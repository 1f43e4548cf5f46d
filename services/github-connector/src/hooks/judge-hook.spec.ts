import { describe, expect, it } from 'vitest';
import type { HookAnswer } from './hooks.client.js';
import { judgeHooks, planHook, type WantedHook } from './judge-hook.js';

const address = 'https://ci.example.com/hooks/github';
const wanted: WantedHook = {
  address, events: ['workflow_run', 'push'], isOurs: ({ config }) => config?.url === address, wasOurs: ({ config }) => config?.url?.includes('/hooks/github') ?? false,
};
const good: HookAnswer = {
  id: '1', active: true, events: ['workflow_run', 'push'], config: { url: address, content_type: 'json', secret: '********', insecure_ssl: '0' },
  last_response: { code: 202, status: 'active', message: 'OK' },
};
const found = (...hooks: HookAnswer[]) => judgeHooks('acme/shop', hooks, wanted, 'MEND').map(({ level, text }) => `${level}: ${text}`);

describe('the webhook of a place', () => {
  it('is fine as it should be', () =>
    expect(found(good)).toEqual(['ok: its webhook leads to us and sends workflow_run, push', 'ok: its last delivery was answered with 202']));

  it.each<[string, Partial<HookAnswer>]>([
    ['fault: its webhook is switched off', { active: false }],
    ['fault: its webhook has no secret, so that nothing of it is taken', { config: { url: address } }],
    ['fault: its webhook does not send push, which flows wait for', { events: ['workflow_run', 'issues'] }],
    ['warning: GitHub does not check our certificate (insecure_ssl)', { config: { ...good.config, insecure_ssl: '1' } }],
    ['fault: its last delivery was answered with 401 (Invalid HTTP Response: 401): its secret seems not to be ours', { last_response: { code: 401, message: 'Invalid HTTP Response: 401' } }],
    ['fault: its last delivery was answered with 502 (failed to connect to host)', { last_response: { code: 502, message: 'failed to connect to host' } }],
    ['unknown: nothing was delivered by it yet', { last_response: { code: null, status: 'unused', message: null } }],
  ])('%s', (text, change) => expect(found({ ...good, ...change })).toContain(text));

  it('may be missing, lead elsewhere, or be there twice', () => {
    expect(found({ ...good, config: { url: 'https://jenkins.example.com/github-webhook/' } })).toEqual([`fault: no webhook leads to ${address}`]);
    expect(found({ ...good, config: { url: 'https://old.example.com/hooks/github?token=secret' } })).toEqual([`fault: no webhook leads to ${address}; one leads to https://old.example.com/hooks/github`]);
    expect(found(good, { ...good, id: '2' })).toContain('warning: 2 webhooks lead to us: each event comes as often');
  });
});

describe('setting it up', () => {
  it('makes one where there is none', () =>
    expect(planHook(undefined, wanted, 's')).toEqual({
      lines: [`create a webhook to ${address} with the connection's secret, which sends workflow_run, push`],
      wish: { active: true, events: ['workflow_run', 'push'], config: { url: address, content_type: 'json', insecure_ssl: '0', secret: 's' } },
    }));

  it('leaves a good one alone', () => expect(planHook(good, wanted, 's').lines).toEqual([]));
  it('needs nothing of one that sends everything', () => expect(planHook({ ...good, events: ['*'] }, wanted, 's')).toMatchObject({ lines: [], wish: { events: ['*'] } }));

  it('keeps what others asked for, and how they want it', () =>
    expect(planHook({ ...good, active: false, events: ['issues'], config: { url: address, content_type: 'form', insecure_ssl: '1' } }, wanted, 's')).toEqual({
      lines: ['switch it on', 'let it also send workflow_run, push', "give it the connection's secret: it has none"],
      wish: { active: true, events: ['issues', 'workflow_run', 'push'], config: { url: address, content_type: 'form', insecure_ssl: '1', secret: 's' } },
    }));

  it('gives it the secret anew when ours did not fit', () =>
    expect(planHook({ ...good, last_response: { code: 401 } }, wanted, 's').lines).toEqual(["give it the connection's secret: ours did not fit its last delivery"]));
});
