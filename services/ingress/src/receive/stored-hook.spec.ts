import type { Connection } from '@stellwerk/flows';
import { hookPlatforms } from '@stellwerk/platforms';
import { describe, expect, it } from 'vitest';
import { storedHook } from './stored-hook.js';

const connection = { name: 'main-github', platform: 'github', url: 'https://api.github.com' } as Connection;
const open = { name: 'main-github', connection, platform: hookPlatforms.github!, secrets: { secrets: ['x'], tokens: [] } };

describe('a hook as it is stored', () => {
  const body = Buffer.from('{"a" : 1}\n');
  const stored = storedHook({
    open, body, query: { token: 'in-the-query' }, receivedAt: new Date('2026-11-24T08:00:00.123Z'),
    headers: {
      'content-type': 'application/json', 'x-github-event': 'push', 'x-github-delivery': 'guid-1', 'x-hub-signature-256': 'sha256=00',
      authorization: 'Bearer secret', cookie: 'secret', 'x-gitlab-token': 'secret', 'user-agent': `Ü${'a'.repeat(2_000)}`, traceparent: '00-1-2-01', host: 'x',
    },
  });

  it('keeps the bytes as they came', () => {
    expect(stored.body).toBe(body);
  });

  it('keeps of the headers only those on the list, plain and short', () => {
    expect(stored.headers).toEqual({
      'hook-content-type': 'application/json', 'hook-x-github-event': 'push', 'hook-x-github-delivery': 'guid-1',
      'hook-user-agent': `?${'a'.repeat(511)}`, 'hook-id': 'main-github:guid-1', 'hook-received-at': '2026-11-24T08:00:00.123Z',
    });
    expect(JSON.stringify(stored)).not.toMatch(/secret|in-the-query/);
  });

  it('has its place and its id from connection and delivery', () => {
    expect(stored).toMatchObject({ subject: 'hooks.github.main-github', id: 'main-github:guid-1' });
  });
});
