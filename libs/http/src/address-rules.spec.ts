import { describe, expect, it } from 'vitest';
import { allowedAddresses, isPublic } from './address-rules.js';
import { BlockedAddress } from './http.errors.js';

const at = (...addresses: string[]) => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
const open = { secure: true, allow: [] };

describe('addresses that may be called', () => {
  it.each([
    '127.0.0.1', '127.8.8.8', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255',
    '192.0.2.1', '198.18.0.1', '::1', '::', 'fe80::1', 'fd00::1', 'fc00::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1',
    '64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1',
  ])('%s is not public', (address) => {
    expect(isPublic(address)).toBe(false);
    expect(() => allowedAddresses('host', at(address), open)).toThrow(BlockedAddress);
  });

  it.each(['140.82.112.3', '8.8.8.8', '2606:50c0:8000::153'])('%s is public', (address) => {
    expect(allowedAddresses('host', at(address), open)).toEqual(at(address));
  });

  it('refuses a host of which one address is private', () => {
    expect(() => allowedAddresses('rebind', at('140.82.112.3', '10.0.0.1'), open)).toThrow(/10\.0\.0\.1/);
  });

  it('takes the listed address of a host and leaves its others', () => {
    expect(allowedAddresses('localhost', at('::1', '127.0.0.1'), { secure: false, allow: ['127.0.0.0/8'] })).toEqual(at('127.0.0.1'));
  });

  it('lists a mapped address by its plain network', () => {
    expect(allowedAddresses('host', at('::ffff:10.0.0.1'), { secure: true, allow: ['10.0.0.0/8'] })).toHaveLength(1);
  });

  it('refuses plain http to a public address', () => {
    expect(() => allowedAddresses('host', at('140.82.112.3'), { secure: false, allow: [] })).toThrow(/https/);
  });

  it('takes plain http where the address is listed', () => {
    expect(allowedAddresses('host', at('140.82.112.3'), { secure: false, allow: ['140.82.112.3'] })).toHaveLength(1);
  });
});
