import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { PermanentError } from '@stellwerk/service-kit';

/* https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */

/** GitHub takes at most ten minutes from `iat`, which lies a minute back, as clocks differ. */
const SECONDS = 540;
const CLOCK_SKEW_SECONDS = 60;

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An environment variable of one line writes `\n` for its line ends. @throws PermanentError that never shows the key */
const readKey = (pem: string): KeyObject => {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem.replaceAll('\\n', '\n'));
  } catch {
    // What OpenSSL says of it helps nobody.
  }
  if (key?.asymmetricKeyType !== 'rsa') throw new PermanentError('auth.app.privateKey is no RSA private key in PEM form, as GitHub hands it out for an App (-----BEGIN RSA PRIVATE KEY-----)');
  return key;
};

/** The App's own signature, by which it asks for tokens of its installations. `now`: by GitHub's clock, as far as it is known. */
export const appJwt = (id: string, privateKey: string, now: Date): string => {
  const seconds = Math.floor(now.getTime() / 1_000);
  const unsigned = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url({ iat: seconds - CLOCK_SKEW_SECONDS, exp: seconds + SECONDS, iss: id })}`;
  return `${unsigned}.${sign('RSA-SHA256', Buffer.from(unsigned), readKey(privateKey)).toString('base64url')}`;
};
