import { describe, expect, it } from 'vitest';
import { SseParser } from './sse-parser.js';

describe('the stream parser', () => {
  it('puts messages together from any pieces', () => {
    const parser = new SseParser();
    const text = 'retry: 2000\n\nid: 7\n\nevent: run\nid: 8.a\ndata: {"a":1}\n\n: still here\n\nevent: run\nid: 9.b\ndata: x\n\n';
    const messages = [...text].flatMap((character) => parser.push(character));
    expect(messages).toEqual([{ event: 'run', id: '8.a', data: '{"a":1}' }, { event: 'run', id: '9.b', data: 'x' }]);
  });
  it('keeps an id that comes alone, to go on from', () => {
    const parser = new SseParser();
    expect(parser.push('id: 7\n\n')).toEqual([]);
    expect(parser.lastId).toBe('7');
  });
});
