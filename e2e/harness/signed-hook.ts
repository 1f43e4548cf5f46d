import { createHmac, randomUUID } from 'node:crypto';

export interface GithubDelivery {
  secret: string;
  event: string;
  body: unknown;
  delivery?: string;
}

/** Sends what GitHub would: the bytes signed with HMAC-SHA-256. */
export const sendGithubHook = (url: string, { secret, event, body, delivery = randomUUID() }: GithubDelivery): Promise<Response> => {
  const text = JSON.stringify(body);
  return fetch(url, {
    method: 'POST', body: text, signal: AbortSignal.timeout(10_000),
    headers: {
      'content-type': 'application/json', 'x-github-event': event, 'x-github-delivery': delivery,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`,
    },
  });
};
