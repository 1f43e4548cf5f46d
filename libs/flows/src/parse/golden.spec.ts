import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionCatalog } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { formatFault } from '../fault.js';
import { parseResources } from './parse-resources.js';

const GOLDEN = join(import.meta.dirname, 'golden');
const catalog = JSON.parse(readFileSync(join(GOLDEN, 'actions.json'), 'utf8')) as ActionCatalog;
const cases = readdirSync(GOLDEN, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);

const filesOf = (name: string) =>
  readdirSync(join(GOLDEN, name)).filter((file) => file.endsWith('.yaml')).map((file) => ({ path: file, text: readFileSync(join(GOLDEN, name, file), 'utf8') }));

describe('broken files', () => {
  it.each(cases)('%s: every fault at once, each at its place', async (name) => {
    const { faults } = parseResources(filesOf(name), (platform) => catalog[platform] ?? []);
    await expect(`${faults.map(formatFault).join('\n')}\n`).toMatchFileSnapshot(join(GOLDEN, name, 'expected.txt'));
  });
});
