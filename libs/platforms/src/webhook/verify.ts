import type { HookRequest, WebhookSecrets } from '../hook-platform.js';
import { namedDelivery } from '../shared/bearer.js';
import { verifyStandardWebhook } from '../shared/signatures.js';

export const verifyWebhook = (request: HookRequest, { secrets }: WebhookSecrets, now: Date): boolean =>
  verifyStandardWebhook(request, secrets, now);

export const webhookDelivery = (request: HookRequest): string => namedDelivery(request);
