import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { HookRequest } from '../hook-platform.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Constant in time whatever the lengths: digests are compared, not the texts. */
export const sameText = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right));

/** Every candidate is tried, so that the time tells nothing of which one fits. An empty one fits nothing. */
export const fitsAny = (candidates: readonly string[], fits: (candidate: string) => boolean): boolean =>
  candidates.filter((candidate) => candidate !== '').reduce((found, candidate) => fits(candidate) || found, false);

/** HMAC-SHA256 of the parts, one after the other. */
export const hmac = (key: string | Buffer, ...parts: readonly (string | Buffer)[]): Buffer =>
  parts.reduce<ReturnType<typeof createHmac>>((mac, part) => mac.update(part), createHmac('sha256', key)).digest();

const TOLERANCE_SECONDS = 5 * 60;
const PREFIX = 'whsec_';
/** 32 bytes in base64. */
const SIGNATURE = /^v1,([A-Za-z0-9+/]{43}=)$/;
const MAX_SIGNATURES = 16;

const decoded = (text: string): Buffer => Buffer.from(text, 'base64');

/**
 * The keys a secret may stand for. After `whsec_` it is base64; without, senders disagree whether the text is the key
 * or its base64, so both are tried: either comes from the secret alone.
 */
const keysOf = (secret: string): Buffer[] => {
  const keys = secret.startsWith(PREFIX) ? [decoded(secret.slice(PREFIX.length))] : [Buffer.from(secret), decoded(secret)];
  return keys.filter((key) => key.length > 0);
};

const isFresh = (timestamp: string, now: Date): boolean =>
  /^\d{1,12}$/.test(timestamp) && Math.abs(now.getTime() / 1_000 - Number(timestamp)) <= TOLERANCE_SECONDS;

const signaturesIn = (header: string): Buffer[] =>
  header
    .split(' ', MAX_SIGNATURES)
    .map((part) => SIGNATURE.exec(part)?.[1])
    .filter((signature) => signature !== undefined)
    .map((signature) => Buffer.from(signature, 'base64'));

/**
 * Standard Webhooks: HMAC-SHA256 over `<id>.<timestamp>.<body>`, five minutes of tolerance either way.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const verifyStandardWebhook = (request: HookRequest, secrets: readonly string[], now: Date): boolean => {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': header } = request.headers;
  if (!id || !timestamp || !header || !isFresh(timestamp, now)) return false;
  const signatures = signaturesIn(header);
  const matches = (key: Buffer): boolean => {
    const expected = hmac(key, `${id}.${timestamp}.`, request.body);
    return signatures.reduce((found, signature) => timingSafeEqual(signature, expected) || found, false);
  };
  return fitsAny(secrets, (secret) => keysOf(secret).reduce((found, key) => matches(key) || found, false));
};

/** The key that signs what goes out: base64 after `whsec_`, else the text as it is. */
const signingKeyOf = (secret: string): Buffer => (secret.startsWith(PREFIX) ? decoded(secret.slice(PREFIX.length)) : Buffer.from(secret));

/** Headers of Standard Webhooks for a body. `id` stays the same on each try and has no dots, `at` is the try's own time. @throws Error for an empty key */
export const signStandardWebhook = (secret: string, { id, body, at }: { id: string; body: string; at: Date }): Record<string, string> => {
  const key = signingKeyOf(secret);
  if (key.length === 0) throw new Error('the signing key is empty');
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${hmac(key, `${id}.${timestamp}.${body}`).toString('base64')}` };
};
