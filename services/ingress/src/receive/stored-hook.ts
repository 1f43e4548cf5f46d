import { HEADERS, STORED_HEADER_PREFIX, STORED_REQUEST_HEADERS, hookId, subjects } from '@stellwerk/contracts';
import type { HookMessage } from '../spool/hook-message.js';
import type { Delivery } from './delivery.js';

/** Longer values of a request header are no use to anybody. */
const MAX_HEADER = 512;

const plain = (value: string): string => value.slice(0, MAX_HEADER).replaceAll(/[^\x20-\x7e]/g, '?');

const storedHeaders = (headers: Delivery['headers']): Record<string, string> =>
  Object.fromEntries(
    STORED_REQUEST_HEADERS.filter((name) => headers[name] !== undefined).map((name) => [STORED_HEADER_PREFIX + name, plain(headers[name]!)]),
  );

/** The delivery as it came: raw bytes, and of the headers only those on the list. */
export const storedHook = ({ open, headers, query, body, receivedAt }: Delivery): HookMessage => {
  const id = hookId(open.name, open.platform.deliveryId({ headers, query, body }));
  return {
    subject: subjects.hook(open.connection.platform, open.name),
    id,
    body,
    headers: { ...storedHeaders(headers), [HEADERS.hookId]: id, [HEADERS.receivedAt]: receivedAt.toISOString() },
  };
};
