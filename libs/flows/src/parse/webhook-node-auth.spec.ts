import { describe, expect, it } from 'vitest';
import { parseResources } from './parse-resources.js';

const ACTION = { name: 'run', description: 'd', awaits: true, fields: {} } as const;
const parse = (platform: string, auth: string) => parseResources([{
  path: 'c.yaml', text: `kind: Connection\nmetadata: { name: c }\nspec: { platform: ${platform}, url: "https://c.example.com", auth: ${auth} }\n`,
}], () => [ACTION]);

describe('what a Webhook node of n8n asks for', () => {
  it('is a part of auth, and its secret is named for who needs it', () => {
    const { resources, faults, secrets } = parse('n8n', '{ token: { env: KEY }, webhook: { token: { env: HOOK }, jwt: HS256 } }');
    expect(faults).toEqual([]);
    expect(resources.connections.c?.auth).toEqual({ token: { env: 'KEY' }, webhook: { token: { env: 'HOOK' }, jwt: 'HS256' } });
    expect(secrets.map(({ ref, use, platform }) => [ref, use, platform])).toEqual([[{ env: 'KEY' }, 'auth', 'n8n'], [{ env: 'HOOK' }, 'auth', 'n8n']]);
  });

  it.each([
    ['n8n', '{ webhook: { token: { env: H }, user: a, header: X-Key } }', /only one of user, header and jwt/], ['n8n', '{ webhook: { token: secret } }', /never the secret itself/],
    ['n8n', '{ webhook: { token: { env: H }, header: "X Key" } }', /name of a request header/], ['n8n', '{ webhook: { token: { env: H }, jwt: none } }', /expected one of HS256, HS384, HS512/],
    ['n8n', '{ webhook: { user: a } }', /token|secret by reference/], ['github', '{ token: { env: T }, webhook: { token: { env: H } } }', /has no webhook nodes/],
  ])('%s %s is a fault', (platform, auth, words) => {
    expect(parse(platform, auth).faults.map(({ message }) => message).join('\n')).toMatch(words);
  });
});
