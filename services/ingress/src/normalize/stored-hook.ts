import { HEADERS, STORED_HEADER_PREFIX, instanceOrigin } from '@stellwerk/contracts';
import type { Connection } from '@stellwerk/flows';
import type { ReceivedMessage } from '@stellwerk/messaging';
import type { HookContext } from '@stellwerk/platforms';
import { PermanentError } from '@stellwerk/service-kit';
import { bodyForm } from '../receive/content-types.js';
import { parseHook, UnreadableBody } from '../receive/hook-json.js';

/** Headers of ours that begin like those of the request. */
const OWN = new Set<string>([HEADERS.hookId, HEADERS.receivedAt, HEADERS.bodyReference]);

const requestHeaders = (headers: ReceivedMessage['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(STORED_HEADER_PREFIX) && !OWN.has(name))
      .map(([name, value]) => [name.slice(STORED_HEADER_PREFIX.length), value]),
  );

const instantOf = (text: string | undefined): Date => {
  const instant = new Date(text ?? Number.NaN);
  if (Number.isNaN(instant.getTime())) throw new PermanentError(`header ${HEADERS.receivedAt} is missing or no date`);
  return instant;
};

/** Subject `hooks.<platform>.<connection>` → the connection's name. */
export const connectionNameOf = (subject: string): string => subject.split('.')[2] ?? '';

/** What a translator needs beside the body. Throws PermanentError for a message that ingress did not write. */
export const contextOf = ({ headers }: ReceivedMessage, connection: Connection): HookContext => {
  const hookId = headers[HEADERS.hookId];
  if (!hookId) throw new PermanentError(`header ${HEADERS.hookId} is missing`);
  return {
    connection: connection.name,
    platform: connection.platform,
    origin: instanceOrigin(connection.platform, connection.url),
    hookId,
    receivedAt: instantOf(headers[HEADERS.receivedAt]),
    headers: requestHeaders(headers),
  };
};

/** The parsed body. Throws PermanentError. */
export const readStored = (body: Buffer, context: HookContext): unknown => {
  const form = bodyForm(context.headers['content-type'], context.platform) ?? 'json';
  try {
    return parseHook(body, form);
  } catch (error) {
    if (error instanceof UnreadableBody) throw new PermanentError(error.message, { cause: error });
    throw error;
  }
};

/** A replayed hook makes new messages of the same events: the broker would drop the old ids. */
export const replaySuffix = ({ headers }: ReceivedMessage): string => /:replay:\d+$/.exec(headers[HEADERS.messageId.toLowerCase()] ?? '')?.[0] ?? '';
