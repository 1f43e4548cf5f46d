import type { HookRequest, WebhookSecrets } from '../hook-platform.js';
import { contentDelivery } from '../shared/delivery-ids.js';
import { fitsAny, sameText, verifyStandardWebhook } from '../shared/signatures.js';

/**
 * A signature (Standard Webhooks, made by a Jenkinsfile) or, from the notification plugin, which cannot sign,
 * `?token=`. A signature that is there must fit.
 */
export const verifyJenkins = (request: HookRequest, { secrets, tokens }: WebhookSecrets, now: Date): boolean => {
  if (secrets.length > 0 && request.headers['webhook-signature'] !== undefined) return verifyStandardWebhook(request, secrets, now);
  const token = request.query['token'];
  return token !== undefined && fitsAny(tokens, (candidate) => sameText(candidate, token));
};

/** Jenkins gives no delivery id: the same words are the same delivery, since job, build and phase stand in them. */
export const jenkinsDelivery = ({ body }: HookRequest): string => contentDelivery(body);
