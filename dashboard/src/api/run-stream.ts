import { ApiError, failed } from './client.js';
import type { Run } from './run.js';
import { SseParser } from './sse-parser.js';
import { authorization } from './token.js';

export type StreamState = 'connecting' | 'live' | 'lost';

export interface StreamListener {
  onRun(run: Run): void;
  onState(state: StreamState): void;
  onRefused(error: ApiError): void;
}

const RETRY_MS = [500, 1_000, 2_000, 5_000];
/** The server sends a sign of life every 15 s; a silent connection is a dead one. */
const SILENCE_MS = 40_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

/**
 * Follows all runs until `signal` ends it, going on from the last id after a break. `fetch` instead of EventSource,
 * which cannot send a token.
 */
export const followRuns = async (listener: StreamListener, signal: AbortSignal): Promise<void> => {
  const parser = new SseParser();
  for (let tries = 0; !signal.aborted; tries += 1) {
    try {
      await readOnce(parser, { ...listener, onState: (state) => { tries = 0; listener.onState(state); } }, signal);
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return listener.onRefused(error);
    }
    if (signal.aborted) return;
    listener.onState('lost');
    await pause(RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]!);
  }
};

const readOnce = async (parser: SseParser, listener: StreamListener, signal: AbortSignal): Promise<void> => {
  const silence = new AbortController();
  const cursor = parser.lastId === undefined ? '' : `?cursor=${encodeURIComponent(parser.lastId)}`;
  const response = await fetch(`/api/runs/stream${cursor}`, {
    headers: { ...authorization(), accept: 'text/event-stream' }, signal: AbortSignal.any([signal, silence.signal]),
  });
  if (!response.ok || !response.body) throw await failed(response);
  listener.onState('live');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const timer = setTimeout(() => silence.abort(), SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    for (const message of parser.push(value)) if (message.event === 'run') listener.onRun(JSON.parse(message.data) as Run);
  }
};
