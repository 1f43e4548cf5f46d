import { ConfigFault } from '@stellwerk/service-kit';
import { describe, expect, it } from 'vitest';
import { publicHooksUrlFrom } from '../connector-kit.config.js';
import { PublicHooks, shownAddress } from './public-hooks.js';

describe('our address for webhooks', () => {
  const hooks = new PublicHooks(publicHooksUrlFrom({ PUBLIC_HOOKS_URL: 'https://ci.example.com/hooks/' }));

  it.each([
    ['https://ci.example.com/hooks/github', true], ['HTTPS://CI.example.com:443/hooks/github/', true], ['https://ci.example.com/hooks/github?token=x', true],
    ['https://ci.example.com/hooks/github2', false], ['http://ci.example.com/hooks/github', false], ['https://ci.example.com/hooks', false], ['nonsense', false], [undefined, false],
  ])('%s leads to the connection: %s', (url, leads) => expect(hooks.leadsTo('github', url)).toBe(leads));

  it('is told from one of before', () => {
    expect(hooks.seemsMeantFor('github', 'https://old.example.com/hooks/github')).toBe(true);
    expect(hooks.seemsMeantFor('github', 'https://ci.example.com/hooks/github')).toBe(false);
    expect(hooks.seemsMeantFor('github', 'https://jenkins.example.com/github-webhook/')).toBe(false);
  });

  it('is shown without what stands behind ?', () => {
    expect(shownAddress('https://ci.example.com/hooks/jenkins?token=secret')).toBe('https://ci.example.com/hooks/jenkins');
    expect(shownAddress('nonsense')).toBe('an address that is none');
  });

  it('may be unknown: then no webhook is ours', () => {
    const unknown = new PublicHooks(publicHooksUrlFrom({}));
    expect([unknown.addressOf('github'), unknown.leadsTo('github', 'https://ci.example.com/hooks/github')]).toEqual([undefined, false]);
  });

  it.each(['ci.example.com', 'ftp://x/hooks', 'https://x/hooks?a=b', 'https://user@x/hooks'])('%s is none', (text) =>
    expect(() => publicHooksUrlFrom({ PUBLIC_HOOKS_URL: text })).toThrow(ConfigFault));
});
