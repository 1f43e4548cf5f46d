import { createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HookRequest, WebhookSecrets } from './hook-platform.js';
import { hookPlatforms } from './hook-platforms.js';

const NOW = new Date('2026-11-24T08:00:00Z');
const requestOf = (body: string, headers: Record<string, string> = {}, query: Record<string, string> = {}): HookRequest =>
  ({ body: Buffer.from(body), headers, query });
const secretsOf = (secrets: string[], tokens: string[] = []): WebhookSecrets => ({ secrets, tokens });

const signedBy = (secret: string, body: string, at = NOW, id = 'msg_1'): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
  'webhook-signature': new Webhook(secret).sign(id, at, body),
});

const KEY = `whsec_${randomBytes(32).toString('base64')}`;
const OTHER = `whsec_${randomBytes(32).toString('base64')}`;

describe('GitHub', () => {
  const { verify, deliveryId } = hookPlatforms.github!;
  const SECRET = "It's a Secret to Everybody";
  const BODY = 'Hello, World!';
  const SIGNATURE = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
  const signed = (header: string): HookRequest => requestOf(BODY, { 'x-hub-signature-256': header });

  it("takes GitHub's own test vector", () => {
    expect(verify(signed(SIGNATURE), secretsOf([SECRET]), NOW)).toBe(true);
  });

  it('takes any one of several secrets, wherever it stands', () => {
    expect(verify(signed(SIGNATURE), secretsOf([SECRET, 'new']), NOW)).toBe(true);
    expect(verify(signed(SIGNATURE), secretsOf(['new', SECRET]), NOW)).toBe(true);
  });

  it.each([
    ['another body', requestOf('Hello, World?', { 'x-hub-signature-256': SIGNATURE })],
    ['no signature', requestOf(BODY)],
    ['the SHA-1 header alone', requestOf(BODY, { 'x-hub-signature': `sha1=${createHmac('sha1', SECRET).update(BODY).digest('hex')}` })],
    ['upper-case digits', signed(SIGNATURE.toUpperCase().replace('SHA256', 'sha256'))],
    ['no prefix', signed(SIGNATURE.slice(7))],
    ['a short signature', signed(SIGNATURE.slice(0, -2))],
    ['two signatures', signed(`${SIGNATURE}, ${SIGNATURE}`)],
    ['a space before it', signed(` ${SIGNATURE}`)],
  ])('refuses %s', (_, request) => {
    expect(verify(request, secretsOf([SECRET]), NOW)).toBe(false);
  });

  it('refuses everything without a secret, and a signature by the empty one', () => {
    const byNothing = `sha256=${createHmac('sha256', '').update(BODY).digest('hex')}`;
    expect(verify(signed(SIGNATURE), secretsOf([]), NOW)).toBe(false);
    expect(verify(signed(byNothing), secretsOf(['']), NOW)).toBe(false);
    expect(verify(signed(SIGNATURE), secretsOf([], [SECRET]), NOW)).toBe(false);
  });

  it('names a delivery as GitHub does, and by its content where that is missing', () => {
    const guid = '72d3162e-cc78-11e3-81ab-4c9367dc0958';
    expect(deliveryId(requestOf('{}', { 'x-github-delivery': guid }))).toBe(guid);
    expect(deliveryId(requestOf('{}', { 'x-github-event': 'push' }))).toBe(deliveryId(requestOf('{}', { 'x-github-event': 'push' })));
    expect(deliveryId(requestOf('{}', { 'x-github-event': 'push' }))).not.toBe(deliveryId(requestOf('{}', { 'x-github-event': 'create' })));
    expect(deliveryId(requestOf('{}', { 'x-github-delivery': `${'a'.repeat(300)} ü` }))).toMatch(/^[0-9a-f]{64}$/);
    expect(deliveryId(requestOf('{}', { 'x-github-delivery': `${guid}:replay:7` }))).toMatch(/^[0-9a-f]{64}$/);
  });
});

/** Standard Webhooks: the same rules on each platform that has them. */
describe.each(['gitlab', 'jenkins', 'webhook'] as const)('a signature by Standard Webhooks to %s', (platform) => {
  const { verify } = hookPlatforms[platform]!;
  const BODY = '{"test": 2432232314}';

  it('fits the published vector', () => {
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const secrets = secretsOf(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']);
    expect(verify(requestOf(BODY, headers), secrets, new Date(1_614_265_330_000))).toBe(true);
    expect(verify(requestOf(BODY, headers), secrets, NOW)).toBe(false);
  });

  it('agrees with the reference library on any body and key', () => {
    fc.assert(fc.property(fc.json(), fc.uint8Array({ minLength: 24, maxLength: 64 }), (body, key) => {
      const secret = `whsec_${Buffer.from(key).toString('base64')}`;
      expect(verify(requestOf(body, signedBy(secret, body)), secretsOf([OTHER, secret]), NOW)).toBe(true);
      expect(verify(requestOf(`${body} `, signedBy(secret, body)), secretsOf([OTHER, secret]), NOW)).toBe(false);
      expect(verify(requestOf(body, signedBy(secret, body)), secretsOf([OTHER]), NOW)).toBe(false);
    }), { numRuns: 50 });
  });

  it('is taken five minutes early or late, and no longer', () => {
    const at = (seconds: number): boolean =>
      verify(requestOf(BODY, signedBy(KEY, BODY, new Date(NOW.getTime() + seconds * 1_000))), secretsOf([KEY]), NOW);
    expect([at(-300), at(300), at(-301), at(301)]).toEqual([true, true, false, false]);
  });

  it('may be one of several in the header', () => {
    const headers = signedBy(KEY, BODY);
    const among = { ...headers, 'webhook-signature': `v1a,abc v1,${'A'.repeat(43)}= ${headers['webhook-signature']}` };
    expect(verify(requestOf(BODY, among), secretsOf([KEY]), NOW)).toBe(true);
  });

  it('by two keys, as a sender that changes its key makes it, is taken by either; by neither, not', () => {
    const [ours, theirs] = [signedBy(KEY, BODY), signedBy(OTHER, BODY)];
    const both = { ...ours, 'webhook-signature': `${theirs['webhook-signature']} ${ours['webhook-signature']}` };
    const third = `whsec_${randomBytes(32).toString('base64')}`;
    expect([[KEY], [OTHER], [third, OTHER], [third]].map((secrets) => verify(requestOf(BODY, both), secretsOf(secrets), NOW))).toEqual([true, true, true, false]);
  });

  it('is refused when the same JSON is laid out anew', () => {
    expect(verify(requestOf(JSON.stringify(JSON.parse(BODY)), signedBy(KEY, BODY)), secretsOf([KEY]), NOW)).toBe(false);
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('is refused without %s', (name) => {
    const { [name]: _, ...headers } = signedBy(KEY, BODY);
    expect(verify(requestOf(BODY, headers), secretsOf([KEY]), NOW)).toBe(false);
  });

  it.each([
    ['webhook-id', 'msg_2'], ['webhook-timestamp', '1795507201'], ['webhook-timestamp', '0x6b056ec0'], ['webhook-timestamp', 'now'],
    ['webhook-signature', 'v1,'], ['webhook-signature', 'v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
  ])('is refused when %s is %s', (name, value) => {
    expect(verify(requestOf(BODY, { ...signedBy(KEY, BODY), [name]: value }), secretsOf([KEY]), NOW)).toBe(false);
  });

  it('by the empty key is refused', () => {
    const signature = createHmac('sha256', '').update(`msg_1.${NOW.getTime() / 1_000}.${BODY}`).digest('base64');
    const headers = { ...signedBy(KEY, BODY), 'webhook-signature': `v1,${signature}` };
    expect(verify(requestOf(BODY, headers), secretsOf(['', 'whsec_']), NOW)).toBe(false);
  });

  it('may be made with a plain text for a key, as shell scripts do', () => {
    const signature = createHmac('sha256', 'plain words').update(`msg_1.${NOW.getTime() / 1_000}.${BODY}`).digest('base64');
    const headers = { ...signedBy(KEY, BODY), 'webhook-signature': `v1,${signature}` };
    expect(verify(requestOf(BODY, headers), secretsOf(['plain words']), NOW)).toBe(true);
  });
});

describe('GitLab', () => {
  const { verify, deliveryId } = hookPlatforms.gitlab!;
  const withToken = (token: string, more: Record<string, string> = {}): HookRequest => requestOf('{}', { 'x-gitlab-token': token, ...more });

  it('takes the token only where tokens are configured', () => {
    expect(verify(withToken('right'), secretsOf([], ['old', 'right']), NOW)).toBe(true);
    expect(verify(withToken('wrong'), secretsOf([], ['right']), NOW)).toBe(false);
    expect(verify(withToken('righ'), secretsOf([], ['right']), NOW)).toBe(false);
    expect(verify(withToken(''), secretsOf([], ['']), NOW)).toBe(false);
    expect(verify(withToken(KEY), secretsOf([KEY]), NOW)).toBe(false);
  });

  it('a signature that is there must fit: the right token beside it changes nothing', () => {
    const forged = withToken('right', { ...signedBy(OTHER, '{}') });
    expect(verify(forged, secretsOf([KEY], ['right']), NOW)).toBe(false);
    expect(verify(withToken('wrong', { ...signedBy(KEY, '{}') }), secretsOf([KEY], ['right']), NOW)).toBe(true);
  });

  it('without a signature the token decides, where both are configured', () => {
    expect(verify(withToken('right'), secretsOf([KEY], ['right']), NOW)).toBe(true);
  });

  it('names a delivery by Idempotency-Key, never by the UUID that hooks share', () => {
    const shared = { 'x-gitlab-event-uuid': 'same', 'x-gitlab-event': 'Push Hook' };
    expect(deliveryId(requestOf('{}', { ...shared, 'idempotency-key': 'key-1', 'webhook-id': 'other' }))).toBe('key-1');
    expect(deliveryId(requestOf('{}', { ...shared, 'webhook-id': 'msg_1' }))).toBe('msg_1');
    expect(deliveryId(requestOf('{"a":1}', shared))).not.toBe(deliveryId(requestOf('{"a":2}', shared)));
  });
});

describe('Jenkins', () => {
  const { verify, deliveryId } = hookPlatforms.jenkins!;

  it('takes ?token= of the notification plugin, where tokens are configured', () => {
    expect(verify(requestOf('{}', {}, { token: 'right' }), secretsOf([KEY], ['right']), NOW)).toBe(true);
    expect(verify(requestOf('{}', {}, { token: 'wrong' }), secretsOf([], ['right']), NOW)).toBe(false);
    expect(verify(requestOf('{}', {}, { token: KEY }), secretsOf([KEY]), NOW)).toBe(false);
    expect(verify(requestOf('{}'), secretsOf([], ['right']), NOW)).toBe(false);
  });

  it('a signature that is there must fit', () => {
    expect(verify(requestOf('{}', signedBy(OTHER, '{}'), { token: 'right' }), secretsOf([KEY], ['right']), NOW)).toBe(false);
  });

  it('names a delivery by its words', () => {
    expect(deliveryId(requestOf('Hello, World!'))).toBe('dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f');
  });
});

describe('a signed webhook', () => {
  const { deliveryId } = hookPlatforms.webhook!;

  it('is named by webhook-id or Idempotency-Key; with neither each is new', () => {
    expect(deliveryId(requestOf('{}', { 'webhook-id': 'msg_1', 'idempotency-key': 'key' }))).toBe('msg_1');
    expect(deliveryId(requestOf('{}', { 'idempotency-key': 'key' }))).toBe('key');
    expect(deliveryId(requestOf('{}'))).not.toBe(deliveryId(requestOf('{}')));
  });
});
