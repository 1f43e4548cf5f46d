import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { inRoot } from '../../../scripts/bootstrap/root.mjs';
import type { Environment } from './environment.ts';
import { withEarlier, type Found } from './figures.ts';
import { markdown } from './markdown.ts';

const BEGIN = '<!-- bench: written by `npm run bench -- --write` -->';
const END = '<!-- bench: end -->';

/** What one run leaves. */
export interface Results extends Found {
  readonly environment: Environment;
  readonly minutes: number;
}

/** The page with its tables replaced. Throws when it has no place for them. */
export const withTables = (page: string, tables: string): string => {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no ${BEGIN} … ${END}`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${tables}\n\n${page.slice(to)}`;
};

/** A run of some sections completes the one of the same day and commit; of another it begins anew. */
export const completed = (now: Results, earlier: Results | undefined, measured: readonly string[]): Results => {
  if (earlier?.environment.commit !== now.environment.commit) return now;
  return { ...now, ...withEarlier(now, earlier, measured), minutes: now.minutes + earlier.minutes };
};

/** JSON knows no NaN: a figure that could not be measured is written as null. */
export const parseResults = (text: string): Results =>
  JSON.parse(text, (key: string, value: unknown) => (key === 'value' && value === null ? Number.NaN : value)) as Results;

const read = async (file: string): Promise<Results | undefined> => (existsSync(file) ? parseResults(await readFile(file, 'utf8')) : undefined);

/** Writes the results and the tables of the page that shows them. Gives the paths. */
export const writeResults = async (now: Results, measured: readonly string[]): Promise<string[]> => {
  const day = now.environment.date.slice(0, 10);
  const base = inRoot('bench', 'results', `${day}-bench`);
  const page = inRoot('docs', 'performance.md');
  const results = completed(now, await read(`${base}.json`), measured);
  const text = markdown(results, results.environment, results.minutes);
  await mkdir(inRoot('bench', 'results'), { recursive: true });
  await writeFile(`${base}.json`, `${JSON.stringify(results, undefined, 2)}\n`);
  await writeFile(`${base}.md`, `# Bench of ${day}\n\n${text}\n`);
  await writeFile(page, withTables(await readFile(page, 'utf8'), text));
  return [`${base}.json`, `${base}.md`, page];
};
