import { HEADERS, STORED_HEADER_PREFIX, STORED_REQUEST_HEADERS, hookId, subjects } from '@stellwerk/contracts';
import type { HookMessage } from '../spool/hook-message.js';
import type { Delivery } from './delivery.js';

/** Longer values of a request header are no use to anybody. */
const MAX_HEADER = 512;

const PLAIN = /^[\x20-\x7e]*$/;

const plain = (value: string): string =>
  value.length <= MAX_HEADER && PLAIN.test(value) ? value : value.slice(0, MAX_HEADER).replaceAll(/[^\x20-\x7e]/g, '?');

/** Where each is stored. */
const STORED_NAMES: readonly (readonly [string, string])[] = STORED_REQUEST_HEADERS.map((name) => [name, STORED_HEADER_PREFIX + name]);

const storedHeaders = (headers: Delivery['headers']): Record<string, string> => {
  const stored: Record<string, string> = {};
  for (const [name, storedName] of STORED_NAMES) {
    const value = headers[name];
    if (value !== undefined) stored[storedName] = plain(value);
  }
  return stored;
};

/** The delivery as it came: raw bytes, and of the headers only those on the list. */
export const storedHook = ({ open, headers, query, body, receivedAt }: Delivery): HookMessage => {
  const id = hookId(open.name, open.platform.deliveryId({ headers, query, body }));
  const stored = storedHeaders(headers);
  stored[HEADERS.hookId] = id;
  stored[HEADERS.receivedAt] = receivedAt.toISOString();
  return { subject: subjects.hook(open.connection.platform, open.name), id, body, headers: stored };
};
