import { Fields } from '@stellwerk/connector-kit';
import { describe, expect, it } from 'vitest';
import { headersOf } from './headers.js';
import { pathBelow } from './paths.js';

describe('a path that a template may have filled in', () => {
  it.each(['/', '/a/b', '/a?x=1&y=../z', '/release%2F1', '/a..b', '/.well-known'])('%s is taken', (path) => {
    expect(pathBelow(path)).toBe(path);
  });

  it.each(['a', '', '/a/../b', '/..', '/./a', '/%2e%2e/b', '/%2E./b', '/a b', '/a\\b', '/a#b', '/a\nb', '/ü\u0000', '//a/../b'])('%j leads elsewhere or is none', (path) => {
    expect(() => pathBelow(path)).toThrow(/path/);
  });
});

describe('headers that a template may have filled in', () => {
  const read = (headers: unknown) => headersOf(new Fields('send', { headers }));

  it('are names with texts', () => {
    expect(read({ 'X-Team': 'shop', 'x-count': 3 })).toEqual({ 'X-Team': 'shop', 'x-count': '3' });
    expect(read(undefined)).toEqual({});
  });

  it.each([{ 'x-a': 'one\r\nx-b: two' }, { 'x-a': 'a\u0000' }, { 'x-a': '→' }, { 'a b': '1' }, { 'x:a': '1' }, { '': '1' }])('never break out: %j', (headers) => {
    expect(() => read(headers)).toThrow(/headers/);
  });

  it.each(['webhook-id', 'Webhook-Signature', 'stellwerk-id', 'Host', 'content-length', 'transfer-encoding', 'Content-Type', 'proxy-authorization'])('%s is not theirs', (name) => {
    expect(() => read({ [name]: 'x' })).toThrow(/cannot be chosen/);
  });
});
