import { createHmac, randomUUID } from 'node:crypto';
import type { Platform } from '@stellwerk/contracts';
import type { WebhookSecrets } from '@stellwerk/platforms';

export interface Delivery {
  platform: Platform;
  /** What a platform calls its deliveries; a random one when absent. */
  delivery?: string;
  /** The platform's name of the event, in its header. */
  event?: string;
  body: Buffer;
}

export interface SignedRequest {
  headers: Record<string, string>;
  query: Record<string, string>;
}

const signed = (key: string | Buffer, text: string | Buffer, encoding: 'hex' | 'base64'): string => createHmac('sha256', key).update(text).digest(encoding);

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
const github = ({ body, event, delivery = randomUUID() }: Delivery, secret: string): Record<string, string> => ({
  'x-github-delivery': delivery, 'x-hub-signature-256': `sha256=${signed(secret, body, 'hex')}`, ...(event !== undefined && { 'x-github-event': event }),
});

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const standard = ({ body, delivery = randomUUID() }: Delivery, secret: string, now: Date): Record<string, string> => {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
  const text = Buffer.concat([Buffer.from(`${delivery}.${timestamp}.`), body]);
  return { 'webhook-id': delivery, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signed(key, text, 'base64')}` };
};

const gitlabHeaders = ({ event, delivery }: Delivery): Record<string, string> =>
  ({ ...(event !== undefined && { 'x-gitlab-event': event }), ...(delivery !== undefined && { 'idempotency-key': delivery }) });

/** Headers and query as the platform would send them, by the first secret, else the first token. Undefined: neither fits the platform. */
export const signRequest = (delivery: Delivery, { secrets: [secret], tokens: [token] }: WebhookSecrets, now: Date): SignedRequest | undefined => {
  const type = { 'content-type': 'application/json' };
  const { platform } = delivery;
  if (platform === 'github') return secret === undefined ? undefined : { headers: { ...type, ...github(delivery, secret) }, query: {} };
  const own = platform === 'gitlab' ? gitlabHeaders(delivery) : {};
  if (secret !== undefined) return { headers: { ...type, ...own, ...standard(delivery, secret, now) }, query: {} };
  if (token === undefined) return undefined;
  if (platform === 'gitlab') return { headers: { ...type, ...own, 'x-gitlab-token': token }, query: {} };
  if (platform === 'jenkins') return { headers: type, query: { token } };
  return platform === 'webhook' ? undefined : { headers: { ...type, ...(delivery.delivery !== undefined && { 'idempotency-key': delivery.delivery }), authorization: `Bearer ${token}` }, query: {} };
};
