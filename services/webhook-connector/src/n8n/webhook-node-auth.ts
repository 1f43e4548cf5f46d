import { createHmac } from 'node:crypto';
import type { Connection } from '@stellwerk/connector-kit';

type NodeAuth = NonNullable<NonNullable<Connection['auth']>['webhook']>;

const DIGESTS = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const;
/** Long enough for a slow call, too short to be of use to who finds it in a log. */
const JWT_SECONDS = 60;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** RFC 7519. */
const jwt = (alg: keyof typeof DIGESTS, secret: string, now: Date): string => {
  const iat = Math.floor(now.getTime() / 1_000);
  const text = `${part({ alg, typ: 'JWT' })}.${part({ iss: 'stellwerk', iat, exp: iat + JWT_SECONDS })}`;
  return `${text}.${createHmac(DIGESTS[alg], secret).update(text).digest('base64url')}`;
};

/** The header by which a Webhook node knows who calls: Basic with a user, a JWT with an algorithm, else the named header or a bearer. */
export const webhookNodeHeaders = ({ user, header, jwt: alg }: Omit<NodeAuth, 'token'>, token: string, now: Date): Record<string, string> => {
  if (user !== undefined) return { authorization: `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}` };
  if (alg !== undefined) return { authorization: `Bearer ${jwt(alg, token, now)}` };
  return header === undefined ? { authorization: `Bearer ${token}` } : { [header.toLowerCase()]: token };
};
