import { describe, expect, it } from 'vitest';
import { parseHook, UnreadableBody } from './hook-json.js';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('the body of a hook', () => {
  it('may be JSON of any kind', () => {
    expect(parseHook(Buffer.from('{"a":["[[[{{{\\"\\\\", 1]}'), 'json')).toEqual({ a: ['[[[{{{"\\', 1] });
    expect(parseHook(Buffer.from(' null '), 'json')).toBeNull();
  });

  it('may be a form with the JSON in "payload"', () => {
    const form = new URLSearchParams({ payload: '{"ref":"ü+ &%"}', other: '1' }).toString();
    expect(parseHook(Buffer.from(form), 'form')).toEqual({ ref: 'ü+ &%' });
  });

  it('may be nested 128 levels deep and no deeper, brackets in texts not counted', () => {
    expect(() => parseHook(Buffer.from(nested(128)), 'json')).not.toThrow();
    expect(() => parseHook(Buffer.from(nested(129)), 'json')).toThrow('deeper');
    expect(() => parseHook(Buffer.from(`{"a":[${'{"b":'.repeat(126)}1${'}'.repeat(126)}]}`), 'json')).not.toThrow();
    expect(() => parseHook(Buffer.from(`{"a":[${'{"b":'.repeat(127)}1${'}'.repeat(127)}]}`), 'json')).toThrow('deeper');
    expect(() => parseHook(Buffer.from('['.repeat(5_000_000)), 'json')).toThrow('deeper');
    expect(() => parseHook(Buffer.from(`{"long":"${'x'.repeat(300_000)}","deep":${nested(128)}}`), 'json')).toThrow('deeper');
    expect(() => parseHook(Buffer.from(`{"long":"${'x'.repeat(300_000)}","deep":${nested(127)}}`), 'json')).not.toThrow();
    expect(() => parseHook(Buffer.from(JSON.stringify('['.repeat(1_000))), 'json')).not.toThrow();
  });

  it.each([
    ['nothing', '', 'json'], ['half of it', '{"a":', 'json'], ['a form', 'payload=%7B%7D', 'json'], ['two of them', '{}{}', 'json'],
    ['a mark at its beginning', '\ufeff{}', 'json'], ['a form without payload', 'data=%7B%7D', 'form'], ['a form with half of it', 'payload=%7B', 'form'],
  ] as const)('is refused: %s', (_, body, form) => {
    expect(() => parseHook(Buffer.from(body), form)).toThrow(UnreadableBody);
  });

  it('is refused when it is not UTF-8', () => {
    expect(() => parseHook(Buffer.from([0x22, 0xff, 0x22]), 'json')).toThrow('UTF-8');
  });
});
