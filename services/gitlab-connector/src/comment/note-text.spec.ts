import { bearsMark } from '@stellwerk/connector-kit';
import { describe, expect, it } from 'vitest';
import { noteText } from './note-text.js';

const sent = (body: string): string => noteText(body, 'r:s:run:1');

describe('the text of a comment', () => {
  it.each(['/merge', 'Title\n/approve', 'Title\r/close', 'Title\r\n/close', '  /label ~x', '\t/merge', '```\n/merge\n```', '> quoted\n/assign me'])('gives GitLab no order: %j', (body) => {
    expect(sent(body)).not.toMatch(/^\s*\//m);
  });

  it('stays as it is otherwise, and tells its command', () => {
    expect(sent('See https://example.com/a/b\r\nand a/b')).toMatch(/^See https:\/\/example\.com\/a\/b\nand a\/b\n/);
    expect(bearsMark(sent('x'), 'r:s:run:1')).toBe(true);
  });
});
