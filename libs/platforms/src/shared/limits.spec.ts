import { describe, expect, it } from 'vitest';
import { translateGithub } from '../github/translate.js';
import { translateWebhook } from '../webhook/translate.js';

const context = (event: string) => ({
  connection: 'one', platform: 'github' as const, origin: 'https://api.github.com', hookId: 'one:1', receivedAt: new Date(0), headers: { 'x-github-event': event },
});
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const pushOf = (files: number, length: number) => ({
  ref: 'refs/heads/main', before: 'a'.repeat(40), after: 'b'.repeat(40), repository: { full_name: 'acme/shop' },
  commits: [{ added: Array.from({ length: files }, (_, index) => `${index}/`.padEnd(length, 'x')), modified: [], removed: [] }],
});

describe('an event fits a message, whatever was sent', () => {
  it('a list of paths is whole or absent', () => {
    const pathsOf = (files: number, length: number) => translateGithub(pushOf(files, length), context('push')).events[0]!.data.paths;
    expect(pathsOf(2_000, 50)).toHaveLength(2_000);
    expect(pathsOf(3_000, 10)).toBeUndefined();
    expect(pathsOf(2_000, 1_000)).toBeUndefined();
  });

  it('texts are cut, and never in the middle of a character', () => {
    const [event] = translateGithub({ ...pushOf(0, 0), head_commit: { message: `${'🚂'.repeat(1_000)}\nmore` } }, context('push')).events;
    expect(event!.data.title).toBe('🚂'.repeat(150));
  });

  it('a payload that stays too large for an event is ignored with a reason', () => {
    const large = { list: Array.from({ length: 200 }, () => 'ü'.repeat(10_000)) };
    expect(translateWebhook(large, { ...context(''), platform: 'webhook' })).toEqual({ events: [], ignored: 'payload too large for an event' });
    const cut = translateWebhook({ text: 'x'.repeat(5_000_000), deep: JSON.parse('['.repeat(100) + ']'.repeat(100)) }, { ...context(''), platform: 'webhook' });
    expect(bytesOf(cut.events)).toBeLessThan(20_000);
  });
});
