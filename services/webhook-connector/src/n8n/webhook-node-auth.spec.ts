import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { webhookNodeHeaders } from './webhook-node-auth.js';

const NOW = new Date('2026-11-24T08:00:00Z');

describe('what a Webhook node asks for', () => {
  it('is a bearer, a header of its own, or Basic', () => {
    expect(webhookNodeHeaders({}, 'secret', NOW)).toEqual({ authorization: 'Bearer secret' });
    expect(webhookNodeHeaders({ header: 'X-Key' }, 'secret', NOW)).toEqual({ 'x-key': 'secret' });
    expect(webhookNodeHeaders({ user: 'robot' }, 'secret', NOW)).toEqual({ authorization: `Basic ${btoa('robot:secret')}` });
  });

  it.each([['HS256', 'sha256'], ['HS384', 'sha384'], ['HS512', 'sha512']] as const)('is a JWT that lives a minute: %s', (jwt, digest) => {
    const [head, body, signature] = webhookNodeHeaders({ jwt }, 'secret', NOW).authorization!.replace('Bearer ', '').split('.');
    const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(read(head!)).toEqual({ alg: jwt, typ: 'JWT' });
    expect(read(body!)).toEqual({ iss: 'stellwerk', iat: NOW.getTime() / 1_000, exp: NOW.getTime() / 1_000 + 60 });
    expect(signature).toBe(createHmac(digest, 'secret').update(`${head}.${body}`).digest('base64url'));
  });
});
