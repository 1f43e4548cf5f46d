import { randomUUID } from 'node:crypto';
import type { HookRequest, WebhookSecrets } from '../hook-platform.js';
import { plainDelivery } from './delivery-ids.js';
import { fitsAny, sameText, verifyStandardWebhook } from './signatures.js';

/** Any text that a header can hold: a token in the configuration is whatever its owner chose. */
const BEARER = /^Bearer ([\x20-\x7e]{1,4096})$/i;

/**
 * For senders that cannot sign (Prefect, Argo, n8n): `Authorization: Bearer` with one of the tokens. A signature that is there must fit
 * where keys are configured: no token takes its place.
 */
export const verifyBearer = (request: HookRequest, { secrets, tokens }: WebhookSecrets, now: Date): boolean => {
  if (secrets.length > 0 && request.headers['webhook-signature'] !== undefined) return verifyStandardWebhook(request, secrets, now);
  const token = BEARER.exec(request.headers['authorization'] ?? '')?.[1];
  return token !== undefined && fitsAny(tokens, (candidate) => sameText(candidate, token));
};

/** With neither id the sender does not say which deliveries are one: each is new. */
export const namedDelivery = ({ headers }: HookRequest): string =>
  plainDelivery(headers['webhook-id'] ?? headers['idempotency-key']) ?? randomUUID();
