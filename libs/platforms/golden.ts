import { readFileSync, readdirSync } from 'node:fs';
import { instanceOrigin, type Platform } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { hookPlatforms } from './src/hook-platforms.js';

const ADDRESSES: Partial<Record<Platform, string>> = {
  github: 'https://api.github.com',
  gitlab: 'https://gitlab.example.com',
  jenkins: 'https://ci.example.com/jenkins/',
  webhook: 'https://sender.example.com',
};

const read = (path: URL): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** `<case>.hook.json` is told exactly as `<case>.events.json` says, for every pair in the folder. */
export const describeGoldenPairs = (platform: Platform, folder: URL): void => {
  const files = readdirSync(folder);
  const cases = files.filter((name) => name.endsWith('.hook.json')).map((name) => name.slice(0, -'.hook.json'.length));

  describe(`${platform} golden pairs`, () => {
    it('every file belongs to a pair', () => {
      expect(files.sort()).toEqual(cases.flatMap((name) => [`${name}.events.json`, `${name}.hook.json`]).sort());
    });

    it.each(cases)('%s', (name) => {
      const { headers, body } = read(new URL(`${name}.hook.json`, folder)) as { headers: Record<string, string>; body: unknown };
      const translation = hookPlatforms[platform]!.translate(body, {
        connection: platform, platform, origin: instanceOrigin(platform, ADDRESSES[platform]!), hookId: `${platform}:${name}`,
        receivedAt: new Date('2026-11-24T08:30:00Z'), headers,
      });
      expect(translation).toEqual(read(new URL(`${name}.events.json`, folder)));
    });
  });
};
