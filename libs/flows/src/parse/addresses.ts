import ipaddr from 'ipaddr.js';

const literalOf = (host: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined => {
  const bare = host.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined;
};

/** Always this machine: https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
const isLocalhost = (host: string): boolean => /(?:^|\.)localhost\.?$/i.test(host);

const LOOPBACK = ['127.0.0.1', '::1'].map((text) => ipaddr.parse(text));

const isIn = (address: ipaddr.IPv4 | ipaddr.IPv6, range: string): boolean => {
  const [network, bits] = range.includes('/') ? ipaddr.parseCIDR(range) : [ipaddr.parse(range), 128];
  const length = Math.min(bits, network.kind() === 'ipv4' ? 32 : 128);
  return address.kind() === network.kind() && address.match(network as never, length);
};

/**
 * Why a call to this host is surely refused when it is made, by the rules of `libs/http`: only public addresses, by https, unless `allow` lists them.
 * Undefined where that depends on what its name leads to. `allow` holds valid ranges only.
 */
export const refusalOf = (host: string, { secure, allow }: { secure: boolean; allow: readonly string[] }): string | undefined => {
  const literal = literalOf(host);
  const addresses = literal ? [literal] : isLocalhost(host) ? LOOPBACK : [];
  if (addresses.some((address) => allow.some((range) => isIn(address, range)))) return undefined;
  if (addresses.some((address) => address.range() !== 'unicast')) return `${host} is no public address: expected its range in network.allow, such as ${rangeOf(addresses[0]!)}`;
  const mayBeListed = addresses.length === 0 && allow.length > 0;
  return secure || mayBeListed ? undefined : 'plain http goes only to addresses in network.allow: expected https, or the range of its address there';
};

const rangeOf = (address: ipaddr.IPv4 | ipaddr.IPv6): string => `${address.toString()}/${address.kind() === 'ipv4' ? 32 : 128}`;
