import { describe, expect, it } from 'vitest';
import { clientAddress, trustedProxies } from './client-address.js';

const proxies = trustedProxies('10.0.0.0/8, 192.168.1.1,fd00::/8');

describe('the address of a sender', () => {
  it.each([
    ['nobody is trusted unasked', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['behind one proxy', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['behind two', '10.1.2.3', '198.51.100.1, 192.168.1.1', '198.51.100.1'],
    ['what a sender invents stays unread', '10.1.2.3', '127.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['v4 in v6 form', '::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['v6', 'fd00::1', '2001:db8::7', '2001:db8::7'],
    ['rubbish', '10.1.2.3', 'unknown', '10.1.2.3'],
    ['no header', '10.1.2.3', undefined, '10.1.2.3'],
    ['only proxies', '10.1.2.3', '10.9.9.9', '10.9.9.9'],
  ])('%s', (_, peer, header, address) => {
    expect(clientAddress(peer, header, proxies)).toBe(address);
  });

  it.each(['10.0.0.0/99', 'nonsense', '10.0.0.0/8;11.0.0.0/8'])('%s is no list of proxies', (text) => {
    expect(() => trustedProxies(text)).toThrow();
  });
});
