import { createHash } from 'node:crypto';
import { DEAD_LETTER_PREFIX, HEADERS, STORED_HEADER_PREFIX } from '@stellwerk/contracts';

/** A message of DEAD_LETTERS. */
export interface LetterMessage {
  /** Its place in DEAD_LETTERS. */
  sequence: number;
  /** Keys in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** What is written down of a dead letter; the bytes stay where they are. */
export interface Letter {
  id: string;
  position: number;
  stream: string;
  consumer: string;
  subject: string;
  reason: string;
  deliveries: number;
  messageId: string;
  /** Of the original in its stream. */
  sequence: number | null;
  contentType: string | null;
  bytes: number;
  preview: string;
  diedAt: Date;
}

const PREVIEW_CHARS = 2_000;
/** Texts of headers come from whoever wrote the message. */
const MAX_TEXT = 1_000;

const key = (header: string): string => header.toLowerCase();

/** Postgres takes no NUL in texts. */
const plain = (text: string, length: number): string => text.replaceAll('\0', '\uFFFD').slice(0, length);

const whole = (text: string | undefined): number | null => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null);

/** Letters of earlier versions say the sequence only in their id, `dead:<consumer>:<sequence>`. */
const sequenceOf = (headers: LetterMessage['headers']): number | null =>
  whole(headers[key(HEADERS.deadSequence)] ?? headers[key(HEADERS.messageId)]?.split(':').at(-1));

/** One for the message and the consumer that gave it up, however often that was written; another one after a broker was set up anew and counts from 1. */
const letterId = (consumer: string, sequence: number | null, messageId: string, body: Buffer): string => {
  const hash = createHash('sha256').update(`${messageId}\n`).update(body).digest('hex').slice(0, 8);
  return `${consumer}-${sequence ?? 0}-${hash}`;
};

const previewOf = (headers: LetterMessage['headers'], body: Buffer): string => {
  const [reference, left] = [headers[HEADERS.bodyReference], headers[HEADERS.deadBodyLeft]];
  if (left !== undefined) return '(too large for a dead letter: its bytes are only in its stream)';
  return plain(reference === undefined ? body.toString('utf8') : `(too large for a message: ingress keeps it as ${reference})`, PREVIEW_CHARS);
};

/** Never throws: what could not be handled must at least be seen. */
export const readLetter = ({ sequence: position, headers, body }: LetterMessage, now: Date): Letter => {
  const text = (header: string): string => plain(headers[key(header)] ?? '', MAX_TEXT);
  const [consumer, messageId, sequence, at] = [text(HEADERS.deadConsumer), text(HEADERS.deadMessageId), sequenceOf(headers), new Date(text(HEADERS.deadAt))];
  const type = headers[key(HEADERS.contentType)] ?? headers[`${STORED_HEADER_PREFIX}content-type`];
  return {
    id: letterId(consumer, sequence, messageId, body),
    position, consumer, messageId, sequence,
    stream: text(HEADERS.deadStream), subject: text(HEADERS.deadSubject), reason: text(HEADERS.deadReason),
    deliveries: whole(headers[key(HEADERS.deadDeliveries)]) ?? 0,
    contentType: type === undefined ? null : plain(type, MAX_TEXT),
    bytes: whole(headers[HEADERS.deadBodyLeft]) ?? body.length,
    preview: previewOf(headers, body),
    diedAt: Number.isNaN(at.getTime()) ? now : at,
  };
};

/** Headers of the original: what the dead letter added, and what only its own publish was about, left out. */
export const originalHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^nats-/i.test(name) && !key(name).startsWith(DEAD_LETTER_PREFIX)));
