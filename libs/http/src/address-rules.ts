import ipaddr from 'ipaddr.js';
import { BlockedAddress } from './http.errors.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Only `unicast` is the public internet; every other range (private, loopback, linkLocal, carrierGradeNat, uniqueLocal, multicast, reserved …) is refused. */
const PUBLIC_RANGE = 'unicast';

/** IPv4 inside IPv6 (::ffff:10.0.0.1, 64:ff9b::10.0.0.1 and the like) reaches the same host as the plain address. */
const plain = (address: Address): Address =>
  address.kind() === 'ipv6' && (address as ipaddr.IPv6).isIPv4MappedAddress() ? (address as ipaddr.IPv6).toIPv4Address() : address;

/** An allow entry; a single address counts as its own network. @throws Error when it is neither. */
export const parseNetwork = (text: string): [Address, number] => {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
};

const inNetwork = (address: Address, [network, bits]: [Address, number]): boolean =>
  address.kind() === network.kind() && address.match(network as never, bits);

/** True when one of the CIDRs holds the address. */
export const isListed = (address: string, allow: readonly string[]): boolean => {
  const parsed = plain(ipaddr.parse(address));
  return allow.some((entry) => inNetwork(parsed, parseNetwork(entry)));
};

/** True for an address on the public internet. */
export const isPublic = (address: string): boolean => plain(ipaddr.parse(address)).range() === PUBLIC_RANGE;

export interface AddressRules {
  /** Plain http goes to listed addresses only. */
  secure: boolean;
  allow: readonly string[];
}

export interface Resolved {
  address: string;
  family: number;
}

/**
 * The addresses that may be connected to. Every one is checked; a refused one refuses the host, unless the operator has
 * listed another address of it (`localhost` has two, and one of them listed is meant).
 * @throws BlockedAddress
 */
export const allowedAddresses = (host: string, resolved: readonly Resolved[], rules: AddressRules): Resolved[] => {
  const listed = resolved.filter((one) => isListed(one.address, rules.allow));
  if (listed.length > 0) return listed;
  const refused = resolved.find((one) => !isPublic(one.address));
  if (refused) throw new BlockedAddress(`${host} is at ${refused.address}, which is not public; list it under network.allow to permit it`);
  if (!rules.secure) throw new BlockedAddress(`plain http to ${host} is refused; use https, or list its address under network.allow`);
  return [...resolved];
};
