import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { missedHooksIn } from './missed-hooks.ts';

const connection = (name: string, platform: string, more: string): string =>
  `---\nkind: Connection\nmetadata: { name: ${name} }\nspec: { platform: ${platform}, url: "https://${name}.example.com", ${more} }\n`;
const HOOKS = 'webhook: { secrets: [{ env: HOOK }] }';
const AUTH = 'auth: { token: { env: TOKEN } }';

let dir: string;
beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), 'stellwerk-missed-')); });
afterEach(() => rm(dir, { recursive: true }));

const told = async (connections: string[], url?: string): Promise<string | undefined> => {
  await writeFile(join(dir, 'all.yaml'), connections.join(''));
  return missedHooksIn(dir, url);
};

it('says which connections lose webhooks while ingress is away, and what to set', async () => {
  expect(await told([connection('hub', 'github', `${AUTH}, ${HOOKS}`), connection('ghes', 'github', `${AUTH}, ${HOOKS}`), connection('lab', 'gitlab', `${AUTH}, webhook: { tokens: [{ env: HOOK }] }`)])).toBe(
    'webhooks of hub, ghes that come while ingress is away are not asked for again: set PUBLIC_HOOKS_URL to where GitHub reaches ingress, such as https://ci.example.com/hooks',
  );
});

it.each([
  ['the address is set', [connection('hub', 'github', `${AUTH}, ${HOOKS}`)], 'https://ci.example.com/hooks'],
  ['it has no auth with which anything could be asked', [connection('hub', 'github', HOOKS)], undefined],
  ['it takes no hooks', [connection('hub', 'github', AUTH)], ''],
  ['it is of another platform', [connection('lab', 'gitlab', `${AUTH}, webhook: { tokens: [{ env: HOOK }] }`)], undefined],
])('says nothing where %s', async (_why, connections, url) => expect(await told(connections, url)).toBeUndefined());
