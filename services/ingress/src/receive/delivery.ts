import type { HookRequest } from '@stellwerk/platforms';
import { bodyForm } from './content-types.js';
import { parseHook, UnreadableBody } from './hook-json.js';
import type { OpenConnection } from './open-connections.js';
import { problem, type Problem } from './problems.js';

export interface Delivery {
  readonly open: OpenConnection;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly receivedAt: Date;
}

const wrongType = (open: OpenConnection, headers: HookRequest['headers']): Problem | undefined => {
  if (headers['content-encoding'] !== undefined) return problem(415, 'Bodies with a Content-Encoding are not taken');
  if (bodyForm(headers['content-type'], open.connection.platform)) return undefined;
  return problem(415, 'The Content-Type must be application/json');
};

const unreadable = (delivery: Delivery): Problem | undefined => {
  try {
    parseHook(delivery.body, bodyForm(delivery.headers['content-type'], delivery.open.connection.platform) ?? 'json');
    return undefined;
  } catch (error) {
    if (error instanceof UnreadableBody) return problem(400, error.message);
    throw error;
  }
};

/**
 * Why a delivery is refused, or nothing. Nobody is told more than who has signed may know:
 * what stands in the body is looked at only after the signature over its bytes has fit.
 */
export const refusalOf = (delivery: Delivery): Problem | undefined => {
  const { open, headers, body, query, receivedAt } = delivery;
  const type = wrongType(open, headers);
  if (type) return type;
  if (!open.platform.verify({ headers, body, query }, open.secrets, receivedAt)) return problem(401);
  return unreadable(delivery);
};
