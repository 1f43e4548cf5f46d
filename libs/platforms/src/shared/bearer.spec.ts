import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { HookRequest } from '../hook-platform.js';
import { hookPlatforms } from '../hook-platforms.js';
import { signStandardWebhook, verifyStandardWebhook } from './signatures.js';

const NOW = new Date('2026-11-24T08:00:00Z');
const TOKEN = randomBytes(24).toString('base64url');
const KEY = `whsec_${randomBytes(32).toString('base64')}`;
const request = (headers: Record<string, string>, body = '{}'): HookRequest => ({ headers, body: Buffer.from(body), query: { token: TOKEN } });

describe.each(['prefect', 'argo-workflows', 'argo-cd', 'n8n'] as const)('hooks of %s, which cannot sign', (platform) => {
  const { verify, deliveryId } = hookPlatforms[platform]!;

  it('come with one of the tokens as bearer', () => {
    expect(verify(request({ authorization: `Bearer ${TOKEN}` }), { secrets: [], tokens: ['old', TOKEN] }, NOW)).toBe(true);
    expect(verify(request({ authorization: `bearer ${TOKEN}` }), { secrets: [KEY], tokens: [TOKEN] }, NOW)).toBe(true);
  });

  it.each([
    ['another token', `Bearer ${TOKEN}x`], ['a part of it', `Bearer ${TOKEN.slice(0, -1)}`], ['no scheme', TOKEN], ['Basic', `Basic ${TOKEN}`], ['two', `Bearer ${TOKEN}, Bearer ${TOKEN}`],
    ['nothing', 'Bearer '], ['a space more', `Bearer  ${TOKEN}`],
  ])('are refused with %s', (_, authorization) => {
    expect(verify(request({ authorization }), { secrets: [], tokens: [TOKEN] }, NOW)).toBe(false);
  });

  it('are refused without a header, without tokens, and with the empty token; a token in the query is none', () => {
    expect(verify(request({}), { secrets: [KEY], tokens: [TOKEN] }, NOW)).toBe(false);
    expect(verify(request({ authorization: `Bearer ${TOKEN}` }), { secrets: [TOKEN], tokens: [] }, NOW)).toBe(false);
    expect(verify(request({ authorization: 'Bearer ' }), { secrets: [], tokens: [''] }, NOW)).toBe(false);
  });

  it('may sign where a key is configured, and then no token takes the place of a signature that fits', () => {
    const signed = signStandardWebhook(KEY, { id: 'msg_1', body: '{}', at: NOW });
    expect(verify(request(signed), { secrets: [KEY], tokens: [TOKEN] }, NOW)).toBe(true);
    expect(verify(request({ ...signed, authorization: `Bearer ${TOKEN}` }, '{"a":1}'), { secrets: [KEY], tokens: [TOKEN] }, NOW)).toBe(false);
  });

  it('are told apart by webhook-id or Idempotency-Key; with neither each is new', () => {
    expect(deliveryId(request({ 'webhook-id': 'a', 'idempotency-key': 'b' }))).toBe('a');
    expect(deliveryId(request({ 'idempotency-key': 'b' }))).toBe('b');
    expect(deliveryId(request({}))).not.toBe(deliveryId(request({})));
  });
});

describe('what we sign', () => {
  it('fits the published vector', () => {
    const headers = signStandardWebhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}', at: new Date(1_614_265_330_000) });
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is taken by the reference library and by our own door, for any body and key', () => {
    fc.assert(fc.property(fc.json(), fc.uint8Array({ minLength: 24, maxLength: 64 }), (body, bytes) => {
      const secret = `whsec_${Buffer.from(bytes).toString('base64')}`;
      const headers = signStandardWebhook(secret, { id: 'msg_1', body, at: new Date() });
      expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
      expect(verifyStandardWebhook(request(headers, body), [secret], new Date())).toBe(true);
    }), { numRuns: 50 });
  });

  it('is signed with a plain text as it is, and never with an empty key', () => {
    const at = new Date();
    expect(verifyStandardWebhook(request(signStandardWebhook('a plain text', { id: 'm', body: '{}', at })), ['a plain text'], at)).toBe(true);
    for (const secret of ['', 'whsec_']) expect(() => signStandardWebhook(secret, { id: 'm', body: '{}', at })).toThrow(/empty/);
  });
});
