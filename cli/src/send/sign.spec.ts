import { hookPlatforms } from '@stellwerk/platforms';
import { describe, expect, it } from 'vitest';
import { signRequest, type Delivery } from './sign.js';

const NOW = new Date('2026-11-24T12:00:00Z');
const WHSEC = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const delivery = (more: Partial<Delivery> = {}): Delivery => ({ platform: 'github', event: 'workflow_run', delivery: 'd-1', body: Buffer.from('{"a":"ä"}'), ...more });

const verified = (of: Delivery, secrets: { secrets: string[]; tokens: string[] }): boolean => {
  const signed = signRequest(of, secrets, NOW)!;
  return hookPlatforms[of.platform]!.verify({ ...signed, body: of.body }, secrets, NOW);
};

describe('a signed payload', () => {
  it.each([
    ['github', 'a secret'], ['gitlab', WHSEC], ['jenkins', WHSEC], ['webhook', WHSEC], ['webhook', 'a plain secret'],
  ] as const)('for %s is what ingress verifies', (platform, secret) => {
    expect(verified(delivery({ platform }), { secrets: [secret], tokens: [] })).toBe(true);
    const other = signRequest(delivery({ platform }), { secrets: ['another secret'], tokens: [] }, NOW)!;
    expect(hookPlatforms[platform]!.verify({ ...other, body: delivery().body }, { secrets: [secret], tokens: [] }, NOW)).toBe(false);
  });

  it.each(['gitlab', 'jenkins', 'prefect', 'argo-workflows', 'argo-cd', 'n8n'] as const)('for %s carries the token where there is no secret', (platform) => {
    expect(verified(delivery({ platform }), { secrets: [], tokens: ['a token'] })).toBe(true);
  });

  it('is none where the platform would have nothing to sign with', () => {
    expect(signRequest(delivery(), { secrets: [], tokens: ['a token'] }, NOW)).toBeUndefined();
    expect(signRequest(delivery({ platform: 'webhook' }), { secrets: [], tokens: [] }, NOW)).toBeUndefined();
  });

  it('has the delivery id that was asked for, and else a new one each time', () => {
    const idOf = (of: Delivery): string => hookPlatforms[of.platform]!.deliveryId({ ...signRequest(of, { secrets: [WHSEC], tokens: [] }, NOW)!, body: of.body });
    for (const platform of ['github', 'gitlab', 'webhook'] as const) {
      expect(idOf(delivery({ platform }))).toBe('d-1');
      expect(idOf(delivery({ platform, delivery: undefined }))).not.toBe(idOf(delivery({ platform, delivery: undefined })));
    }
  });
});
