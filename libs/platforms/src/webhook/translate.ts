import type { HookContext, Translation } from '../hook-platform.js';
import { correlationOf } from '../shared/correlation.js';
import { asTranslation, ignored, type Told } from '../shared/drafts.js';
import { isRecord, present } from '../shared/read.js';
import { safeCopy } from '../shared/safe-copy.js';
import { standardEnvelope } from './payload.js';

const tell = (body: Record<string, unknown>): Told => {
  const payload = safeCopy(body);
  if (!payload) return ignored('payload too large for an event');
  const envelope = standardEnvelope(body) ?? {};
  const data = present({
    cause: 'api' as const,
    title: envelope.type,
    payload,
    occurredAt: envelope.timestamp,
    correlation: correlationOf(envelope.STELLWERK_ID),
    raw: envelope.type === undefined ? undefined : { type: envelope.type },
  });
  return [{ type: 'custom.received', object: envelope.type ?? 'webhook', data }];
};

/** Any signed JSON: the whole body is the event's payload. */
export const translateWebhook = (body: unknown, context: HookContext): Translation => {
  if (!isRecord(body)) throw new TypeError('The body is no JSON object');
  return asTranslation(tell(body), context);
};
