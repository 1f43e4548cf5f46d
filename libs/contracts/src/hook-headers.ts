/** Headers of messages, on every stream. */
export const HEADERS = {
  messageId: 'Nats-Msg-Id',
  contentType: 'Content-Type',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
  /** HOOKS: RFC 3339, when the delivery came. */
  receivedAt: 'hook-received-at',
  /** HOOKS: the hook's id. */
  hookId: 'hook-id',
  /** HOOKS: set when the body is kept in the ingress database under this key. */
  bodyReference: 'hook-body-ref',
  /** HOOKS: on a replay that shall make new facts, the number of the replay. */
  replayAgain: 'replay-again',
  /** DEAD_LETTERS; `deadMessageId`: the original's, as the letter has one of its own; `deadSequence`: its place in its stream. */
  deadReason: 'dead-letter-reason',
  deadStream: 'dead-letter-stream',
  deadConsumer: 'dead-letter-consumer',
  deadSubject: 'dead-letter-subject',
  deadDeliveries: 'dead-letter-deliveries',
  deadAt: 'dead-letter-at',
  deadMessageId: 'dead-letter-message-id',
  deadSequence: 'dead-letter-sequence',
  /** Set when the letter came out larger than a message may be: its bytes are only in its stream, at its sequence. */
  deadBodyLeft: 'dead-letter-body-left',
} as const;

/** Prefix of the headers that a dead letter has beside the original's. */
export const DEAD_LETTER_PREFIX = 'dead-letter-';

/** Prefix under which an allow-listed request header is stored on HOOKS, e.g. `hook-x-github-event`. */
export const STORED_HEADER_PREFIX = 'hook-';

/** The request headers kept with a hook; never authorization, tokens, cookies, signatures. */
export const STORED_REQUEST_HEADERS = [
  'content-type', 'user-agent',
  'x-github-event', 'x-github-delivery', 'x-github-hook-id', 'x-github-hook-installation-target-id', 'x-github-hook-installation-target-type',
  'x-gitlab-event', 'x-gitlab-event-uuid', 'x-gitlab-instance', 'x-gitlab-webhook-uuid', 'idempotency-key',
  'webhook-id', 'webhook-timestamp',
] as const;

export const STRUCTURED_CLOUD_EVENT = 'application/cloudevents+json';
