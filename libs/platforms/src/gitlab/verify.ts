import type { HookRequest, WebhookSecrets } from '../hook-platform.js';
import { contentDelivery, plainDelivery } from '../shared/delivery-ids.js';
import { fitsAny, sameText, verifyStandardWebhook } from '../shared/signatures.js';

/**
 * The signing token (GitLab 19.0 and later, Standard Webhooks) or `X-Gitlab-Token`. A signature that is there must fit:
 * falling back to the token would make it worth nothing.
 */
export const verifyGitlab = (request: HookRequest, { secrets, tokens }: WebhookSecrets, now: Date): boolean => {
  const { 'webhook-signature': signature, 'x-gitlab-token': token } = request.headers;
  if (secrets.length > 0 && signature !== undefined) return verifyStandardWebhook(request, secrets, now);
  return token !== undefined && fitsAny(tokens, (candidate) => sameText(candidate, token));
};

/**
 * `Idempotency-Key` (17.4 and later, equal over retries), which is also `webhook-id`. `X-Gitlab-Event-UUID` is none:
 * hooks that set each other off share it. Older versions: the same event with the same body is the same delivery.
 */
export const gitlabDelivery = ({ headers, body }: HookRequest): string =>
  plainDelivery(headers['idempotency-key'] ?? headers['webhook-id']) ?? contentDelivery(headers['x-gitlab-event'] ?? '', '\n', body);
