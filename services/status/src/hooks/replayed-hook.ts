import { HEADERS, STREAMS, replayId } from '@stellwerk/contracts';
import type { KeptMessage } from '@stellwerk/messaging';
import type { TraceHeaders } from '@stellwerk/service-kit';

/** Which hooks a replay is about, as its order is stored. */
export interface HookFilter {
  /** RFC 3339. */
  since: string;
  until: string;
  connection?: string;
  ids?: string[];
}

export interface ReplayedHook {
  subject: string;
  id: string;
  body: Buffer;
  headers: Record<string, string>;
  /** It stays part of the hook's journey. */
  trace: TraceHeaders;
}

/** Subjects of the stream that a replay has to look at. */
export const subjectOf = ({ connection }: HookFilter): string => `hooks.*.${connection ?? '*'}`;

/** Copies that earlier replays made are left out: their originals are looked at, and copies of copies would double each time. */
const isCopy = (headers: KeptMessage['headers']): boolean => /:replay:\d+$/.test(headers[HEADERS.messageId] ?? '');

/** Whether a stored hook is one of those asked for, by when it was received, wherever a spool or a clock has put it in the stream. */
export const fits = ({ headers }: KeptMessage, { since, until, ids }: HookFilter): boolean => {
  const [id, received] = [headers[HEADERS.hookId], Date.parse(headers[HEADERS.receivedAt] ?? '')];
  if (id === undefined || isCopy(headers)) return false;
  if (ids && !ids.includes(id)) return false;
  return Number.isNaN(received) || (received >= Date.parse(since) && received <= Date.parse(until));
};

/** The hook as it came, to be normalized once more. `again`: into new facts. */
export const replayedHook = ({ subject, headers, body }: KeptMessage, replay: number, again: boolean): ReplayedHook => {
  const kept = Object.entries(headers).filter(([name]) => !/^nats-/i.test(name) && name !== HEADERS.replayAgain);
  const { [HEADERS.traceparent]: traceparent, [HEADERS.tracestate]: tracestate } = headers;
  return {
    subject, body, id: replayId(headers[HEADERS.hookId]!, replay),
    trace: { ...(traceparent && { traceparent }), ...(tracestate && { tracestate }) },
    headers: { ...Object.fromEntries(kept), ...(again && { [HEADERS.replayAgain]: String(replay) }) },
  };
};

/** The stream keeps a hook no longer than this. */
export const OLDEST_MS = STREAMS.hooks.maxAgeDays * 86_400_000;
