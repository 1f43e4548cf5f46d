import { HEADERS, STORED_HEADER_PREFIX, againId, instanceOrigin } from '@stellwerk/contracts';
import type { Connection } from '@stellwerk/flows';
import type { ReceivedMessage } from '@stellwerk/messaging';
import type { HookContext } from '@stellwerk/platforms';
import { PermanentError } from '@stellwerk/service-kit';
import { bodyForm } from '../receive/content-types.js';
import { parseHook, UnreadableBody } from '../receive/hook-json.js';

/** Headers of ours that begin like those of the request. */
const OWN = new Set<string>([HEADERS.hookId, HEADERS.receivedAt, HEADERS.bodyReference]);

const requestHeaders = (headers: ReceivedMessage['headers']): Record<string, string> => {
  const found: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    if (name.startsWith(STORED_HEADER_PREFIX) && !OWN.has(name)) found[name.slice(STORED_HEADER_PREFIX.length)] = headers[name]!;
  }
  return found;
};

const origins = new WeakMap<Connection, string>();

/** Parsed once a connection, not once a hook. */
const originOf = (connection: Connection): string => {
  const known = origins.get(connection) ?? instanceOrigin(connection.platform, connection.url);
  origins.set(connection, known);
  return known;
};

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
    origin: originOf(connection),
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

/** A replay that shall start again what the hook has started makes new events, and new facts: how their ids differ. */
export const renamedBy = ({ headers }: ReceivedMessage): ((id: string) => string) => {
  const replay = Number(headers[HEADERS.replayAgain]);
  return Number.isInteger(replay) && replay > 0 ? (id) => againId(id, replay) : (id) => id;
};
