import type { HookContext, Translation } from '../hook-platform.js';
import { correlationOf } from '../shared/correlation.js';
import { asTranslation, ignored, type Told } from '../shared/drafts.js';
import { ownOutcome } from '../shared/outcome-words.js';
import { isRecord, present } from '../shared/read.js';
import { runTypeOf, tellRun } from '../shared/run-report.js';
import { safeCopy } from '../shared/safe-copy.js';
import { standardEnvelope } from './payload.js';

const tellCustom = (body: Record<string, unknown>): Told => {
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

/**
 * Signed JSON. A run report (`type: pipelinerun.*` with an id of its own or ours) tells of a run, also as the call back that a step with
 * `await: true` waits for; of all else the whole body is the event's payload.
 */
const tell = (body: Record<string, unknown>, connection: string): Told => {
  if (runTypeOf(standardEnvelope(body)?.type) === undefined) return tellCustom(body);
  const told = tellRun(body, { outcomeOf: ownOutcome, repository: connection, namedByCommand: true, outputs: true });
  return 'ignored' in told ? tellCustom(body) : told;
};

export const translateWebhook = (body: unknown, context: HookContext): Translation => {
  if (!isRecord(body)) throw new TypeError('The body is no JSON object');
  return asTranslation(tell(body, context.connection), context);
};
