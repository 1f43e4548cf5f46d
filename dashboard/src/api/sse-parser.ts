export interface SseMessage {
  event: string;
  id: string | undefined;
  data: string;
}

/** Feeds on pieces of a text/event-stream and gives whole messages; comments and `retry` are passed over. */
export class SseParser {
  /** The last id that was told, with a message or alone. */
  lastId: string | undefined;
  private rest = '';

  push(text: string): SseMessage[] {
    const blocks = (this.rest + text).split(/\r?\n\r?\n/);
    this.rest = blocks.pop() ?? '';
    return blocks.map((block) => this.read(block)).filter((message) => message.data !== '');
  }

  private read(block: string): SseMessage {
    const message: SseMessage = { event: 'message', id: undefined, data: '' };
    for (const line of block.split(/\r?\n/)) {
      const [field, value] = split(line);
      if (field === 'data') message.data += message.data === '' ? value : `\n${value}`;
      if (field === 'event') message.event = value;
      if (field === 'id') this.lastId = message.id = value;
    }
    return message;
  }
}

const split = (line: string): [string, string] => {
  const colon = line.indexOf(':');
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
};
