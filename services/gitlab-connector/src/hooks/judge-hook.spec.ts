import { describe, expect, it } from 'vitest';
import type { HookAnswer } from './hooks.client.js';
import { judgeHooks, planHook, type WantedHook } from './judge-hook.js';

const address = 'https://ci.example.com/hooks/gitlab';
const wanted: WantedHook = {
  address, switches: ['pipeline_events', 'push_events'], signed: true, tokens: false,
  isOurs: ({ url }) => url === address, wasOurs: ({ url }) => url?.endsWith('/hooks/gitlab') ?? false,
};
const good: HookAnswer = {
  id: 1, url: address, pipeline_events: true, push_events: true, enable_ssl_verification: true, alert_status: 'executable', disabled_until: null, signing_token_present: true, token_present: false,
};
const found = (hook: HookAnswer, more: Partial<WantedHook> = {}) => judgeHooks('acme/scan', [hook], { ...wanted, ...more }, 'MEND').map(({ level, text }) => `${level}: ${text}`);

describe('the webhook of a project', () => {
  it('is fine as it should be', () => expect(found(good)).toEqual(['ok: its webhook leads to us and sends what flows wait for', 'ok: GitLab has not switched it off']));

  it.each<[string, Partial<HookAnswer>]>([
    [`fault: no webhook leads to ${address}; one leads to https://old/hooks/gitlab`, { url: 'https://old/hooks/gitlab' }],
    ['fault: its webhook does not send push_events, which flows wait for', { push_events: false }],
    ['fault: its webhook has no signing token, so that nothing of it is taken', { signing_token_present: false }],
    ['warning: GitLab does not check our certificate', { enable_ssl_verification: false }],
    ['fault: GitLab has switched its webhook off for good, as it failed forty times', { alert_status: 'disabled' }],
    ['fault: GitLab has switched its webhook off until 2026-11-24T12:00:00Z, as it failed again and again; after forty failures for good', { alert_status: 'temporarily_disabled', disabled_until: '2026-11-24T12:00:00Z' }],
  ])('%s', (text, change) => expect(found({ ...good, ...change })).toContain(text));

  it('may prove itself by a token where the connection takes one, which old servers do not tell', () => {
    const old = { ...good, signing_token_present: undefined };
    expect(found({ ...old, token_present: true }, { tokens: true })[0]).toMatch(/^ok/);
    expect(found({ ...old, token_present: undefined }, { tokens: true })[0]).toMatch(/^unknown/);
    expect(found({ ...old, token_present: true })[0]).toMatch(/^fault/);
  });
});

describe('setting it up', () => {
  it('makes one that sends what is wanted and no more', () =>
    expect(planHook(undefined, { ...wanted, switches: ['pipeline_events'] }, { signingToken: 'whsec_x' }).wish)
      .toEqual({ url: address, enable_ssl_verification: true, push_events: false, pipeline_events: true, signing_token: 'whsec_x' }));
  it('leaves a good one alone', () => expect(planHook(good, wanted, { signingToken: 'whsec_x' })).toEqual({ lines: [], wish: { url: address, pipeline_events: true, push_events: true } }));
  it('adds what is missing', () =>
    expect(planHook({ ...good, push_events: false, signing_token_present: false }, wanted, { signingToken: 'whsec_x' })).toEqual({
      lines: ['let it also send push_events', "give it the connection's signing token: it has none"],
      wish: { url: address, pipeline_events: true, push_events: true, signing_token: 'whsec_x' },
    }));
});
