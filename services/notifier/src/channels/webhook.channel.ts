import { PermanentError } from '@stellwerk/service-kit';
import { Webhook } from 'standardwebhooks';
import { webhookMessage } from '../render/webhook.render.js';
import type { HttpKind } from './channel.js';
import { WEBHOOK_SCHEDULE } from './schedules.js';

const signer = (key: string): Webhook => {
  try {
    return new Webhook(key);
  } catch {
    throw new PermanentError('the channel\'s `secret` is not a Standard Webhooks key: expected whsec_ and base64, or two such keys with a blank between them');
  }
};

/** While a key is changed the secret holds both, and whoever has either takes the message. */
const signersOf = (secret: string | undefined): Webhook[] => {
  const keys = (secret ?? '').split(/\s+/).filter((key) => key !== '');
  if (keys.length === 0) throw new PermanentError('the channel has no `secret`: a webhook is never sent unsigned');
  return keys.map(signer);
};

/** Signed webhooks by https://www.standardwebhooks.com: the id stays the same over all tries, the time is the try's own. */
export const webhookChannel: HttpKind = {
  type: 'webhook',
  repeatable: true,
  takesLate: true,
  schedule: WEBHOOK_SCHEDULE,
  request: ({ id, notice }, { url, secret }, now) => {
    const body = JSON.stringify(webhookMessage(notice));
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': signersOf(secret).map((one) => one.sign(id, now, body)).join(' '),
    };
    return { url, headers, body };
  },
};
