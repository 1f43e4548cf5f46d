import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folders = ['gitlab', 'jenkins'].map((platform) => new URL(`${platform}/golden/`, import.meta.url));
const texts = folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json')).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const));

describe('pipeline variables and build parameters', () => {
  it('are in the hooks, and in no event', () => {
    const holding = texts.filter(([, text]) => text.includes('hunter2')).map(([name]) => name);
    expect(holding.length).toBeGreaterThan(5);
    expect(holding.filter((name) => name.endsWith('.events.json'))).toEqual([]);
  });
});
