import { HEADERS, STRUCTURED_CLOUD_EVENT, type CloudEvent } from '@stellwerk/contracts';
import type { TraceHeaders } from '@stellwerk/service-kit';

export interface OutgoingMessage {
  subject: string;
  /** `Nats-Msg-Id`; made from the cause, never random. */
  id: string;
  body: Uint8Array | string;
  headers?: Record<string, string>;
  /** Parent of the publish span; default the active span. */
  trace?: TraceHeaders;
}

/** A CloudEvent as structured JSON. */
export const eventMessage = (subject: string, event: CloudEvent): OutgoingMessage & { body: string; headers: Record<string, string> } => ({
  subject,
  id: event.id,
  body: JSON.stringify(event),
  headers: { [HEADERS.contentType]: STRUCTURED_CLOUD_EVENT },
});
