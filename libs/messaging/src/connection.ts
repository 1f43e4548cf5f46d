import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import type { NatsSettings } from './messaging.config.js';

const SCHEME = /^[a-z]+:\/\//;

const parse = (address: string): URL => new URL(SCHEME.test(address) ? address : `nats://${address}`);

/** Old servers drop options silently; below this nothing is promised. */
export const OLDEST_SERVER = '2.12.0';

/**
 * How every connection of ours behaves: it never gives up (the default ends for good after ten tries), notices a
 * half-open socket within half a minute, and listens below an inbox prefix that permissions can name.
 */
export function natsOptions({ name, url, caFile }: NatsSettings): ConnectionOptions {
  const addresses = url.split(',').map((address) => parse(address.trim()));
  const { username, password, protocol } = addresses[0]!;
  return {
    name: `stellwerk-${name}`,
    servers: addresses.map(({ host }) => host),
    ...(username && { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
    ...((protocol === 'tls:' || caFile) && { tls: caFile ? { caFile } : {} }),
    maxReconnectAttempts: -1,
    waitOnFirstConnect: true,
    reconnectTimeWait: 500,
    reconnectJitter: 250,
    reconnectJitterTLS: 250,
    pingInterval: 10_000,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true,
    inboxPrefix: `_INBOX_${name.replaceAll('-', '_')}`,
    // Else each request makes two errors in advance, for their stacks: a quarter of the time of publishing and settling.
    noAsyncTraces: true,
    timeout: 5_000,
  };
}

/** A connection by these rules; waits until a server answers. `name` is shown by the server. */
export const connectNats = (name: string, url: string): Promise<NatsConnection> => connect(natsOptions({ name, url }));

const numbers = (version: string): number[] => version.split('-')[0]!.split('.').map(Number);

/** Whether a server's version is one whose options we can rely on. */
export function isServerTooOld(version: string): boolean {
  const [has, needs] = [numbers(version), numbers(OLDEST_SERVER)];
  const differs = needs.findIndex((number, index) => has[index] !== number);
  return differs >= 0 && (has[differs] ?? 0) < needs[differs]!;
}

export const tooOldText = (version: string): string =>
  `NATS server ${version} is too old: ${OLDEST_SERVER} or newer is needed (older ones drop stream options silently)`;
