import { randomUUID } from 'node:crypto';
import type { HookRequest, WebhookSecrets } from '../hook-platform.js';
import { plainDelivery } from '../shared/delivery-ids.js';
import { verifyStandardWebhook } from '../shared/signatures.js';

export const verifyWebhook = (request: HookRequest, { secrets }: WebhookSecrets, now: Date): boolean =>
  verifyStandardWebhook(request, secrets, now);

/** With neither id the sender does not say which deliveries are one: each is new. */
export const webhookDelivery = ({ headers }: HookRequest): string =>
  plainDelivery(headers['webhook-id'] ?? headers['idempotency-key']) ?? randomUUID();
