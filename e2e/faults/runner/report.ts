import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Result } from './run-scenario.ts';

const COLUMNS = ['#', 'scenario', 'what was done', 'seed', 's', 'deliveries', 'runs', 'triggers', 'lost', 'doubled', 'verdict'];

/** One word, and what stands behind it. */
export const verdictOf = ({ violations, notRun, did }: Result): string => {
  if (violations.length > 0) return `BROKEN: ${violations[0]}`;
  const missing = notRun.map((why) => `not run on this machine: ${why}`);
  return [...(did === '' && missing.length > 0 ? [] : ['held']), ...missing].join('; ');
};

const cells = (one: Result): string[] => [
  String(one.number), one.title, one.did, String(one.seed), String(one.seconds), String(one.deliveries), String(one.runs), String(one.triggers),
  String(one.lost), String(one.doubled), verdictOf(one),
];

const row = (texts: readonly string[]): string => `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;

/** The table in Markdown. */
export const tableOf = (results: readonly Result[]): string =>
  [row(COLUMNS), row(COLUMNS.map(() => '---')), ...results.map((one) => row(cells(one)))].join('\n');

const machine = (): string => `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}`;

/** Of the commit; sources that came without their history have none. */
const revision = (root: string): string => {
  const { stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return stdout?.trim() || 'an unknown revision';
};

/** Writes table and raw results; gives the path of the table. */
export const writeReport = (root: string, results: readonly Result[], seconds: number): string => {
  const dir = join(root, 'bench', 'results');
  mkdirSync(dir, { recursive: true });
  const date = new Date().toISOString().slice(0, 10);
  const about = { date, seconds, machine: machine(), revision: revision(root), broken: results.filter(({ violations }) => violations.length > 0).length };
  const file = join(dir, `faults-${date}.md`);
  writeFileSync(join(dir, `faults-${date}.json`), `${JSON.stringify({ ...about, results }, null, 2)}\n`);
  writeFileSync(file, `# Fault suite, ${date}\n\n\`npm run faults -- --seed ${results[0]?.seed ?? 0}\` at ${about.revision}, ${Math.round(seconds / 60)} minutes on ${about.machine}.\n\n${tableOf(results)}\n`);
  return file;
};
