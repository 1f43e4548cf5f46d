import { createHmac, timingSafeEqual } from 'node:crypto';

/** `X-Hub-Signature-256` of GitHub. */
export const githubSignature = (secret: string, body: string): string => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** Headers of Standard Webhooks; GitLab 19 and our Jenkins snippet sign so. `key` is `whsec_` + base64, or a bare text. */
export const standardWebhookHeaders = (key: string, id: string, body: string, now: Date): Record<string, string> => {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${standardSignature(key, id, timestamp, body)}` };
};

/** Whether one of the signatures fits; the timestamp may be five minutes off. */
export const verifyStandardWebhook = (key: string, headers: Record<string, string>, body: string, now: Date): boolean => {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!id || !timestamp || !signatures || Math.abs(now.getTime() / 1000 - Number(timestamp)) > 300) return false;
  const expected = Buffer.from(standardSignature(key, id, timestamp, body));
  return signatures.split(' ').some((signature) => sameBytes(Buffer.from(signature.replace(/^v1,/, '')), expected));
};

const standardSignature = (key: string, id: string, timestamp: string, body: string): string =>
  createHmac('sha256', keyBytes(key)).update(`${id}.${timestamp}.${body}`).digest('base64');

const keyBytes = (key: string): Buffer => (key.startsWith('whsec_') ? Buffer.from(key.slice('whsec_'.length), 'base64') : Buffer.from(key));

const sameBytes = (left: Buffer, right: Buffer): boolean => left.length === right.length && timingSafeEqual(left, right);
