import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '@stellwerk/cli';
import { describe, expect, it } from 'vitest';

const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const textOf = (...path: string[]): string => readFileSync(join(import.meta.dirname, ...path), 'utf8');

interface Report {
  ok: boolean;
  passed: number;
  tests: { name: string; faults: object[] }[];
  faults: object[];
  notReached: { flow: string; part: string; never: string }[];
}

const tested = async (folder: string): Promise<Report> => {
  const out: string[] = [];
  await runCli(['test', join(import.meta.dirname, folder), '--json'], { out: (text) => out.push(text), err: (text) => out.push(text) });
  return JSON.parse(out.join('\n')) as Report;
};

describe.each(folders)('examples/%s', (folder) => {
  it('does what its tests say, all of it', async () => {
    const { ok, passed, tests, faults, notReached } = await tested(folder);
    expect([...tests.filter((test) => test.faults.length > 0), ...faults, ...notReached]).toEqual([]);
    expect([ok, passed > 0]).toEqual([true, true]);
  });

  it('tells editors which schema its files have', () => {
    for (const file of readdirSync(join(import.meta.dirname, folder)).filter((name) => name.endsWith('.yaml'))) {
      expect([file, textOf(folder, file).split('\n')[0]]).toEqual([file, `# yaml-language-server: $schema=../../docs/reference/schemas/${file.endsWith('.test.yaml') ? 'test' : 'resource'}.json`]);
    }
  });

  it('is in the list', () => expect(textOf('README.md')).toContain(`[${folder}](${folder})`));
});
