import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isNeverTold, PLATFORM_EVENT_TYPES, toldBy, type Platform, type PlatformEvent, type PlatformEventType } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { translateGithub } from './github/translate.js';

interface Told {
  type: PlatformEventType;
  data: PlatformEvent;
}

const goldens = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.events.json'));
const golden: Told[] = goldens.flatMap((path) => (JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8')) as { events: Told[] }).events);

/** GitHub's own examples. */
const examples = (createRequire(import.meta.url)('@octokit/webhooks-examples/api.github.com/index.json') as { name: string; examples: object[] }[])
  .flatMap(({ name, examples: payloads }) => payloads.flatMap((payload) => translateGithub(payload, {
    connection: 'github', platform: 'github', origin: 'https://api.github.com', hookId: 'h', receivedAt: new Date(0), headers: { 'x-github-event': name },
  }).events as readonly Told[]));

const wrong = ({ type, data }: Told): string[] => Object.keys(data).filter((field) => isNeverTold(field, [type])).map((field) => `${type} has ${field}`);

describe('what a type of event never has', () => {
  it('is in nothing that a translator gives', () => {
    expect([...golden, ...examples].flatMap(wrong)).toEqual([]);
    expect([golden.length > 100, examples.length > 20]).toEqual([true, true]);
  });

  it('is judged of types that translators do give', () => {
    expect(PLATFORM_EVENT_TYPES.filter((type) => !golden.some((event) => event.type === type))).toEqual([]);
  });

  it('is sure of several types only when it is of each', () => {
    expect([isNeverTold('tag', ['commit.pushed']), isNeverTold('tag', ['commit.pushed', 'tag.created']), isNeverTold('actor', ['commit.pushed']), isNeverTold('tag', [])]).toEqual([true, false, false, false]);
  });
});

describe('what a platform tells', () => {
  const told = goldens.flatMap((path) => {
    const platform = path.split('/')[0] as Platform;
    return (JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8')) as { events: Told[] }).events.map(({ type }) => ({ platform, type }));
  });

  it('is all that its translators give', () => {
    expect(told.filter(({ platform, type }) => !toldBy(platform).includes(type))).toEqual([]);
    expect([toldBy('github').length, toldBy('gitlab').length, toldBy('jenkins').length]).toEqual([PLATFORM_EVENT_TYPES.length, PLATFORM_EVENT_TYPES.length - 1, 3]);
  });
});
