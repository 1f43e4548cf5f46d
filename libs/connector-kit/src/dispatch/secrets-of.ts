import type { Secrets } from '@stellwerk/config';
import { PermanentError } from '@stellwerk/service-kit';
import type { SecretReference } from '../adapter.js';
import type { Connection } from '../connection.js';

/** The secrets that a connection names, and the pairs of user and secret that Basic credentials are made of. */
export const secretsOf = ({ auth, webhook }: Connection, secrets: Secrets): string[] => {
  const valueOf = (reference: SecretReference | undefined): string[] => {
    try {
      return reference ? [secrets.resolve(reference).reveal()] : [];
    } catch (error) {
      if (error instanceof PermanentError) return []; // What is not set was not sent either.
      throw error;
    }
  };
  const tokens = [{ reference: auth?.token, user: auth?.user }, { reference: auth?.webhook?.token, user: auth?.webhook?.user }];
  return [
    ...tokens.flatMap(({ reference, user }) => valueOf(reference).flatMap((token) => (user === undefined ? [token] : [token, `${user}:${token}`]))),
    ...[auth?.app?.privateKey, ...(webhook?.secrets ?? []), ...(webhook?.tokens ?? [])].flatMap(valueOf),
  ];
};
