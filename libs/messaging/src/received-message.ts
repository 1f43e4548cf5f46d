import type { CloudEvent } from '@stellwerk/contracts';
import { PermanentError, type TraceHeaders } from '@stellwerk/service-kit';

export interface ReceivedParts {
  subject: string;
  /** Names in any case. */
  headers: Record<string, string>;
  body: Buffer;
  deliveries: number;
  sequence: number;
  signal: AbortSignal;
}

const lowerCase = (headers: Record<string, string>): Record<string, string> => {
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) lower[name.toLowerCase()] = value;
  return lower;
};

const ENVELOPE = ['id', 'source', 'type', 'subject', 'time', 'correlationid', 'causationid', 'fact'] as const;

const faultsOfEnvelope = (event: Record<string, unknown>): string[] => [
  ...(event.specversion === '1.0' ? [] : ['specversion must be 1.0']),
  ...ENVELOPE.filter((name) => typeof event[name] !== 'string' || event[name] === '').map((name) => `${name} must be a text`),
  ...('data' in event ? [] : ['data is missing']),
];

/** One delivery of a message, as a handler gets it. */
export class ReceivedMessage {
  readonly subject: string;
  /** Keys in lower case. */
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  /** From 1. */
  readonly deliveries: number;
  /** Sequence in the stream. */
  readonly sequence: number;
  /** Aborted when the service stops and the grace is over. */
  readonly signal: AbortSignal;

  constructor(parts: ReceivedParts) {
    this.subject = parts.subject;
    this.headers = lowerCase(parts.headers);
    this.body = parts.body;
    this.deliveries = parts.deliveries;
    this.sequence = parts.sequence;
    this.signal = parts.signal;
  }

  get trace(): TraceHeaders {
    const { traceparent, tracestate } = this.headers;
    return { ...(traceparent && { traceparent }), ...(tracestate && { tracestate }) };
  }

  /** The parsed body. Throws PermanentError: what cannot parse today will not tomorrow. */
  json<T>(): T {
    try {
      return JSON.parse(this.body.toString('utf8')) as T;
    } catch (error) {
      throw new PermanentError('body is not JSON', { cause: error });
    }
  }

  /** The body as CloudEvent with a sound envelope; `data` is not looked into. Throws PermanentError. */
  cloudEvent<T>(): CloudEvent<T> {
    const event = this.json<CloudEvent<T>>();
    if (typeof event !== 'object' || event === null || Array.isArray(event)) throw new PermanentError('not a CloudEvent: expected an object');
    const faults = faultsOfEnvelope(event as unknown as Record<string, unknown>);
    if (faults.length > 0) throw new PermanentError(`not a CloudEvent: ${faults.join('; ')}`);
    return event;
  }
}
