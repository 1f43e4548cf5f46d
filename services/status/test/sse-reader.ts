import { waitFor } from '@stellwerk/testing';

export interface SseRead {
  event: string;
  id: string;
  data: { id: string; version: number; state: string };
}

export interface SseReader {
  status: number;
  events: SseRead[];
  /** The last id told, with or without an event. */
  lastId(): string;
  until(what: string, check: (events: SseRead[]) => boolean): Promise<void>;
  close(): void;
}

const field = (block: string, name: string): string => block.split('\n').find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';

/** Reads a server-sent event stream in the background. */
export const readSse = async (url: string, headers: Record<string, string> = {}): Promise<SseReader> => {
  const end = new AbortController();
  const response = await fetch(url, { headers, signal: end.signal });
  const events: SseRead[] = [];
  let lastId = '';
  const read = async (): Promise<void> => {
    let rest = '';
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + piece).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        lastId = field(block, 'id') || lastId;
        const data = field(block, 'data');
        if (data) events.push({ event: field(block, 'event'), id: field(block, 'id'), data: JSON.parse(data) as SseRead['data'] });
      }
    }
  };
  void read().catch((error: unknown) => { if (!end.signal.aborted) throw error; });
  return {
    status: response.status, events, lastId: () => lastId, close: () => end.abort(),
    until: async (what, check) => void (await waitFor(() => check(events), { what })),
  };
};
