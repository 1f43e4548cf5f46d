import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2_000;

export interface SseEvent {
  event: string;
  id: string;
  data: unknown;
}

/** One open text/event-stream answer: comments keep it alive, `send` waits while the reader is slow. */
export class SseAnswer {
  private readonly ended = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;

  constructor(private readonly response: ServerResponse, headers: Record<string, string>) {
    response.writeHead(200, {
      ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'keep-alive',
    });
    response.write(`retry: ${RETRY_MS}\n\n`);
    this.heartbeat = setInterval(() => void (response.writableNeedDrain || response.write(': still here\n\n')), HEARTBEAT_MS);
    response.once('close', () => { clearInterval(this.heartbeat); this.ended.abort(); });
  }

  /** Aborted when the reader has gone. */
  get signal(): AbortSignal {
    return this.ended.signal;
  }

  /** Where to go on, without an event: readers keep the id and dispatch nothing. */
  async place(id: string): Promise<void> {
    await this.write(`id: ${id}\n\n`);
  }

  async send({ event, id, data }: SseEvent): Promise<void> {
    await this.write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  end(): void {
    this.response.end();
  }

  private async write(text: string): Promise<void> {
    if (this.signal.aborted || this.response.write(text)) return;
    await once(this.response, 'drain', { signal: this.signal }).catch((error: unknown) => {
      if (!this.signal.aborted) throw error;
    });
  }
}
