import { timingSafeEqual } from 'node:crypto';
import type { HookRequest, WebhookSecrets } from '../hook-platform.js';
import { contentDelivery, plainDelivery } from '../shared/delivery-ids.js';
import { fitsAny, hmac } from '../shared/signatures.js';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/**
 * `X-Hub-Signature-256` over the raw bytes; the SHA-1 header beside it is not looked at.
 * @see https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export const verifyGithub = (request: HookRequest, { secrets }: WebhookSecrets): boolean => {
  const signature = SIGNATURE.exec(request.headers['x-hub-signature-256'] ?? '')?.[1];
  if (!signature) return false;
  const given = Buffer.from(signature, 'hex');
  return fitsAny(secrets, (secret) => timingSafeEqual(given, hmac(secret, request.body)));
};

/** The same on a redelivery, which GitHub makes of the same event. */
export const githubDelivery = ({ headers, body }: HookRequest): string =>
  plainDelivery(headers['x-github-delivery']) ?? contentDelivery(headers['x-github-event'] ?? '', '\n', body);

/** The signature stands for the body, which alone is signed; neither the delivery id nor a time is. */
export const githubFingerprint = ({ headers }: HookRequest): string | undefined => {
  const signature = headers['x-hub-signature-256'];
  return signature === undefined ? undefined : `${headers['x-github-event'] ?? ''} ${signature}`;
};
