import { describe, expect, it } from 'vitest';
import { hookAddress } from './hook-address.js';

describe('the address of a hook', () => {
  it.each([
    ['/hooks/github', { connection: 'github', query: {} }],
    ['/hooks/ci?', { connection: 'ci', query: {} }],
    ['/hooks/ci?token=a%20b&other=c', { connection: 'ci', query: { token: 'a b', other: 'c' } }],
    ['/hooks/ci?token=a&token=b&other=c', { connection: 'ci', query: { other: 'c' } }],
    ['/hooks/constructor', { connection: 'constructor', query: {} }],
  ])('%s', (url, address) => {
    expect(hookAddress(url)).toEqual(address);
  });

  it.each(['/', '/hooks', '/hooks/', '/hooks//', '/hooks/a/b', '/hooks/a/', '/Hooks/a', '/x/hooks/a', '//hooks/a', '*', ''])('%s is none', (url) => {
    expect(hookAddress(url)).toBeUndefined();
  });
});
