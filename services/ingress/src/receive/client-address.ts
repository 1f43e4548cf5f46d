import ipaddr from 'ipaddr.js';

/** Address ranges whose `X-Forwarded-For` is believed. */
export type TrustedProxies = readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];

const rangeOf = (text: string): readonly [ipaddr.IPv4 | ipaddr.IPv6, number] => {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
};

/** Comma-separated addresses and ranges, e.g. `10.0.0.0/8, ::1`. Throws when one is none. */
export const trustedProxies = (text: string): TrustedProxies =>
  text.split(',').map((part) => part.trim()).filter((part) => part !== '').map(rangeOf);

const isTrusted = (address: string, proxies: TrustedProxies): boolean => {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return proxies.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match([network, bits] as never));
};

/** Who sent it: the last hop that is no proxy of ours. What stands before it in the header may be invented. */
export const clientAddress = (peer: string, forwardedFor: string | undefined, proxies: TrustedProxies): string => {
  const hops = [peer, ...(forwardedFor ?? '').split(',').map((hop) => hop.trim()).filter((hop) => hop !== '').reverse()];
  const client = hops.findIndex((hop) => !isTrusted(hop, proxies));
  const known = client === -1 ? hops.length - 1 : client;
  return ipaddr.isValid(hops[known]!) ? ipaddr.process(hops[known]!).toString() : hops[Math.max(known - 1, 0)]!;
};
