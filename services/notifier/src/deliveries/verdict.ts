import { HttpFailure, retryAfterMs, type HttpResponse } from '@stellwerk/http';
import type { ChannelKind, MailReply, Verdict } from '../channels/index.js';
import { clip } from '../render/text.js';

/** A try, and what its verdict depends on. */
export interface Try {
  kind: ChannelKind;
  /** From 1. */
  attempt: number;
  now: Date;
  /** It edits a message that is there: the same edit twice is one. */
  editing?: boolean;
  random?: () => number;
  /** What no reason may hold. */
  secret?: string;
}

const DEFAULT_GATE_MS = 30_000;
/** So much of what a refusal says is kept, in characters. */
const MOST_DETAIL = 300;
/** The answers of something in front of the channel: what it did behind is not known. */
const GATEWAY = new Set([502, 504]);

/** A receiver's own words may repeat what it was sent. */
const withoutSecret = (text: string, secret: string | undefined): string => (secret ? text.replaceAll(secret, '***') : text);

const dead = (reason: string): Verdict => ({ end: 'dead', reason });

/** The next place in the kind's schedule, a fifth more or less, so that what failed together does not come back together. */
const again = ({ kind, attempt, random = Math.random }: Try, reason: string): Verdict => {
  const wait = kind.schedule[attempt - 1];
  return wait === undefined ? dead(`${reason}; given up after ${attempt} tries`) : { end: 'again', reason, waitMs: Math.round(wait * (0.8 + 0.4 * random())) };
};

const gated = (one: Try, response: HttpResponse, reason = 'HTTP 429'): Verdict => {
  const waitMs = one.kind.waitMs?.(response) ?? retryAfterMs(response, one.now) ?? one.kind.gateMs ?? DEFAULT_GATE_MS;
  return { end: 'again', reason: `${reason}: it asks to wait`, waitMs, gate: true };
};

const uncertain = (one: Try, reason: string): Verdict => (one.kind.repeatable || one.editing ? again(one, reason) : { end: 'unknown', reason });

const taken = (one: Try, response: HttpResponse): Verdict =>
  one.kind.judge?.(response, {
    again: (reason) => again(one, reason), uncertain: (reason) => uncertain(one, reason), gated: (reason) => gated(one, response, reason),
  }, one.editing ?? false) ?? { end: 'delivered' };

/** What an answer means. Slack and Discord say 4xx to what they will never take: a gone channel, a wrong token, a bad message. */
export const verdictOfAnswer = (one: Try, response: HttpResponse): Verdict => {
  const { status } = response;
  if (status >= 200 && status < 300) return taken(one, response);
  if (status === 429) return gated(one, response);
  if (GATEWAY.has(status)) return uncertain(one, `HTTP ${status}`);
  if (status >= 500 || status === 408 || status === 425) return again(one, `HTTP ${status}`);
  const detail = one.kind.detail?.(response);
  if (detail) return dead(`HTTP ${status}: ${clip(withoutSecret(detail, one.secret), MOST_DETAIL)}`);
  return dead(`HTTP ${status}${status === 401 || status === 404 || status === 410 ? ': the address is no longer taken; replace the channel\'s URL' : ''}`);
};

/** What a mail server's answer means: 4yz may pass, 5yz will not (RFC 5321, 4.2.1). */
export const verdictOfReply = (one: Try, { code, said, refused = [] }: MailReply): Verdict => {
  if (code >= 200 && code < 300) return { end: 'delivered', ...(refused.length > 0 && { reason: `not taken for ${refused.map((of) => `to[${of.recipient}] (${of.code})`).join(', ')}` }) };
  const reason = `SMTP ${clip(said, MOST_DETAIL) || code}`;
  return code >= 500 ? dead(reason) : again(one, reason);
};

/** What a call without an answer means. The failure's own text may hold the address, which is a secret: it is left out. */
export const verdictOfFailure = (one: Try, failure: HttpFailure): Verdict => {
  if (failure.kind === 'blocked') return dead('the address is not public and not listed in the channel\'s network.allow');
  const reason = `no answer (${failure.kind}, ${failure.phase})`;
  return failure.phase === 'not-sent' ? again(one, reason) : uncertain(one, reason);
};
