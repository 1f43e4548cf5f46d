import { readFileSync, readdirSync } from 'node:fs';
import { instanceOrigin } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { hookPlatforms } from './hook-platforms.js';

const PLATFORMS = [
  { platform: 'github', url: 'https://api.github.com', where: 'golden/' },
  { platform: 'gitlab', url: 'https://gitlab.example.com', where: 'golden/' },
  { platform: 'gitlab', url: 'http://192.168.64.1:3005', where: 'golden/go-gitlab/' },
  { platform: 'jenkins', url: 'https://ci.example.com/jenkins/', where: 'golden/' },
  { platform: 'webhook', url: 'https://sender.example.com', where: 'golden/' },
  { platform: 'prefect', url: 'https://prefect.example.com/api', where: 'golden/' },
  { platform: 'argo-workflows', url: 'https://argo.example.com', where: 'golden/' },
  { platform: 'argo-cd', url: 'https://cd.example.com', where: 'golden/' },
  { platform: 'n8n', url: 'https://n8n.example.com', where: 'golden/' },
] as const;

/** What comes from elsewhere says so beside it. */
const PAPERS = ['LICENSE', 'README.md'];

const read = (path: URL): unknown => JSON.parse(readFileSync(path, 'utf8'));

describe.each(PLATFORMS)('golden pairs of $platform in $where', ({ platform, url, where }) => {
  const folder = new URL(`${platform}/${where}`, import.meta.url);
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && !PAPERS.includes(entry.name)).map(({ name }) => name);
  const cases = files.filter((name) => name.endsWith('.hook.json')).map((name) => name.slice(0, -'.hook.json'.length));

  it('every file belongs to a pair', () => {
    expect(files.sort()).toEqual(cases.flatMap((name) => [`${name}.events.json`, `${name}.hook.json`]).sort());
  });

  it.each(cases)('%s', (name) => {
    const { headers, body } = read(new URL(`${name}.hook.json`, folder)) as { headers: Record<string, string>; body: unknown };
    const translation = hookPlatforms[platform]!.translate(body, {
      connection: platform, platform, origin: instanceOrigin(platform, url), hookId: `${platform}:${name}`,
      receivedAt: new Date('2026-11-24T08:30:00Z'), headers,
    });
    expect(translation).toEqual(read(new URL(`${name}.events.json`, folder)));
  });
});
