import type { JsMsg } from '@nats-io/jetstream';
import { HEADERS, STREAMS, cloudEvent, parseCommandId, subjects, type ConsumerSpec, type Platform, type TriggerResult } from '@stellwerk/contracts';
import { PermanentError, type TraceHeaders } from '@stellwerk/service-kit';
import { eventMessage, type OutgoingMessage } from './outgoing-message.js';

const REASON_LENGTH = 1_000;

/** Headers of a message; of repeated ones the last. */
export function plainHeaders(message: Pick<JsMsg, 'headers'>): Record<string, string> {
  const plain: Record<string, string> = {};
  // `last(name)` looks through all names for each of them.
  for (const [name, values] of message.headers ?? []) plain[name] = values.at(-1)!;
  return plain;
}

/** So that giving up shows in the trace of what was given up. */
function traceOf(message: JsMsg): TraceHeaders | undefined {
  const traceparent = message.headers?.get(HEADERS.traceparent);
  return traceparent ? { traceparent } : undefined;
}

/** The original bytes and headers, with why, where and how often. One message gives one dead letter per consumer, however often it is given up. */
export function deadLetter(message: JsMsg, consumer: ConsumerSpec, reason: string, now: Date): OutgoingMessage {
  return {
    subject: subjects.deadLetter(consumer.stream, consumer.name),
    id: `dead:${consumer.name}:${message.seq}`,
    body: message.data,
    trace: traceOf(message),
    headers: {
      ...plainHeaders(message),
      [HEADERS.deadReason]: reason.slice(0, REASON_LENGTH),
      [HEADERS.deadStream]: consumer.stream,
      [HEADERS.deadConsumer]: consumer.name,
      [HEADERS.deadSubject]: message.subject,
      [HEADERS.deadDeliveries]: String(message.info.deliveryCount),
      [HEADERS.deadAt]: now.toISOString(),
      [HEADERS.deadSequence]: String(message.seq),
      // The letter's own id takes the place of the header.
      [HEADERS.deadMessageId]: message.headers?.get(HEADERS.messageId) ?? '',
    },
  };
}

/** The letter without its bytes, when they are what no broker takes beside its headers: the original stays in its stream. Throws any other error. */
export function lightLetter(letter: OutgoingMessage, error: unknown): OutgoingMessage {
  if (!(error instanceof PermanentError) || letter.body.length === 0) throw error;
  return { ...letter, body: '', headers: { ...letter.headers, [HEADERS.deadBodyLeft]: String(letter.body.length) } };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** The JSON object a body holds; an empty one when it holds none, as this is about messages that may be broken. */
function objectIn(body: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/**
 * What the router must be told when a command is given up, else its run hangs: `trigger.unknown`, made from whatever
 * can still be read. Undefined for other streams, and for a command whose id says nothing.
 */
export function unknownTrigger(message: JsMsg, consumer: ConsumerSpec, reason: string, now: Date): OutgoingMessage | undefined {
  if (consumer.stream !== STREAMS.commands.name) return undefined;
  const event = objectIn(message.data);
  const id = textOf(event.id) ?? textOf(message.headers?.get(HEADERS.messageId));
  const parts = id === undefined ? undefined : parseCommandId(id);
  if (id === undefined || parts === undefined) return undefined;
  const [, platform, connection] = message.subject.split('.') as [string, Platform, string];
  const command = (typeof event.data === 'object' && event.data !== null ? event.data : {}) as Record<string, unknown>;
  const data: TriggerResult = {
    command: id, run: parts.run, flow: textOf(command.flow) ?? '', step: parts.step, purpose: parts.purpose,
    connection, platform, reason: `the command was given up: ${reason}`.slice(0, REASON_LENGTH), occurredAt: now.toISOString(),
  };
  const told = cloudEvent({
    id: `${id}:unknown`, source: `/services/${consumer.service}`, type: 'trigger.unknown', subject: parts.run,
    time: now, correlationId: parts.run, causationId: id, data,
  });
  return { ...eventMessage(subjects.event(platform, 'trigger.unknown'), told), trace: traceOf(message) };
}
