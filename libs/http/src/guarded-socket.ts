import { connect, isIP, type Socket } from 'node:net';
import { allowedAddresses, type AddressRules } from './address-rules.js';
import { failureOf } from './failure-of.js';
import { guardedLookup } from './guarded-lookup.js';

export interface SocketTarget extends AddressRules {
  host: string;
  port: number;
  /** For resolving and connecting. */
  timeoutMs: number;
}

/** A literal address never reaches the socket's lookup, so it is checked before. */
const checkLiteral = (host: string, rules: AddressRules): void => {
  const family = isIP(host);
  if (family !== 0) allowedAddresses(host, [{ address: host, family }], rules);
};

/**
 * A TCP connection for protocols other than HTTP, under the same rules: every address of the host is checked, and the socket
 * goes to a checked one. `secure`: the caller speaks TLS on it; without, it goes to listed addresses only.
 * @throws HttpFailure, always `not-sent`
 */
export const openGuardedSocket = async ({ host, port, timeoutMs, secure, allow }: SocketTarget): Promise<Socket> => {
  const rules = { secure, allow };
  let socket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    checkLiteral(host, rules);
    return await new Promise<Socket>((resolve, reject) => {
      const opening = socket = connect({ host, port, lookup: guardedLookup(rules) });
      timer = setTimeout(() => reject(new DOMException('no connection in time', 'TimeoutError')), timeoutMs);
      opening.once('error', reject).once('connect', () => resolve(opening.off('error', reject)));
    });
  } catch (error) {
    socket?.destroy();
    throw failureOf(error, false, `${host}:${port}`);
  } finally {
    clearTimeout(timer);
  }
};
