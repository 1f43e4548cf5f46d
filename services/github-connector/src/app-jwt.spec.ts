import { createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { appJwt } from './app-jwt.js';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs1 = pair.privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;
const now = new Date('2026-11-24T09:00:00Z');

describe('the signature of an App', () => {
  it.each([
    ['as GitHub hands the key out', pkcs1],
    ['as other tools write it', pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string],
    ['in one line, as in an environment file', pkcs1.replaceAll('\n', '\\n')],
  ])('is RS256 for at most ten minutes from a minute ago: %s', (_, key) => {
    const [header = '', claims = '', signature = ''] = appJwt('123', key, now).split('.');
    const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(createVerify('RSA-SHA256').update(`${header}.${claims}`).verify(pair.publicKey, signature, 'base64url')).toBe(true);
    const seconds = now.getTime() / 1_000;
    expect([read(header), read(claims)]).toEqual([{ alg: 'RS256', typ: 'JWT' }, { iat: seconds - 60, exp: seconds + 540, iss: '123' }]);
  });

  it.each([
    ['nonsense', 'my secret key'],
    ['a key of another kind', generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string],
    ['the public half', pair.publicKey.export({ type: 'spki', format: 'pem' }) as string],
  ])('is not made with %s, and the fault does not show it', (_, key) => {
    const signing = (): string => appJwt('123', key, now);
    expect(signing).toThrow(/auth\.app\.privateKey is no RSA private key in PEM form/);
    expect(signing).not.toThrow(key.slice(0, 40));
  });
});
