import type { Secrets } from '@stellwerk/config';
import type { Connection } from '@stellwerk/connector-kit';

/** `auth.token` as bearer; with `auth.user` as Basic. */
export const tokenHeaders = ({ auth }: Connection, secrets: Secrets): Record<string, string> => {
  if (!auth?.token) return {};
  const token = secrets.resolve(auth.token).reveal();
  return { authorization: auth.user === undefined ? `Bearer ${token}` : `Basic ${Buffer.from(`${auth.user}:${token}`).toString('base64')}` };
};
