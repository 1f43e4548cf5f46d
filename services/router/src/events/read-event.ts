import { PLATFORM_EVENT_TYPES, PlatformEvent, RunRequested, TRIGGER_EVENT_TYPES, TriggerResult, shortType, type CloudEvent } from '@stellwerk/contracts';
import { runRequested, type EventContext } from '@stellwerk/flows';
import { validated } from '@stellwerk/service-kit';
import type { Verdict } from './apply-trigger-result.js';

/** A message of EVENTS as the router understands it. */
export type Heard =
  | { kind: 'answer'; verdict: Verdict; result: TriggerResult }
  | { kind: 'platform'; event: EventContext }
  | { kind: 'request'; event: EventContext; request: RunRequested }
  | { kind: 'other' };

const includes = <T extends string>(list: readonly T[], text: string): text is T => (list as readonly string[]).includes(text);

/** Postgres takes no NUL in texts, and platforms pass on what people typed. */
const withoutNul = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replaceAll('\0', '');
  if (Array.isArray(value)) return value.map(withoutNul);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.replaceAll('\0', ''), withoutNul(inner)]));
};

/** Throws PermanentError when the data is not what its type promises. */
export const readEvent = (event: CloudEvent): Heard => {
  const type = shortType(event.type);
  const data = JSON.stringify(event).includes('\\u0000') ? withoutNul(event.data) : event.data;
  if (includes(TRIGGER_EVENT_TYPES, type)) return { kind: 'answer', verdict: type.slice('trigger.'.length) as Verdict, result: validated(TriggerResult, data) };
  if (type === 'run.requested') {
    const request = validated(RunRequested, data);
    return { kind: 'request', request, event: runRequested(event, request) };
  }
  if (!includes(PLATFORM_EVENT_TYPES, type)) return { kind: 'other' };
  return { kind: 'platform', event: { ...validated(PlatformEvent, data), id: event.id, type, fact: event.fact } };
};
