import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { SoakResult } from './soak.ts';

const figure = (n: number): string => n.toLocaleString('en-US');

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The result in words and figures. */
export const summaryOf = (result: SoakResult): string => table(['', ''], [
  ['webhooks made', figure(result.made)], ['of which doubled on purpose', figure(result.sending.doubles)],
  ['requests', figure(result.sending.requests)], ['refused or unanswered, and sent again', figure(result.sending.refusals)],
  ['accepted (2xx)', figure(result.accepted)], ['runs', `${figure(result.runs)} (${Object.entries(result.ends).map(([state, n]) => `${figure(n)} ${state}`).join(', ')})`],
  ['accepted triggers in the platforms\' journals', figure(result.triggers)],
  ['kills', Object.entries(result.kills).map(([name, n]) => `${name} ${n}`).join(', ')],
  ['duration', `${figure(result.seconds)} s, ${Math.round(result.accepted / result.seconds)} webhooks/s over all`], ['seed', result.seed],
  ['**lost**', `**${result.lost}**`], ['**doubled**', `**${result.doubled}**`], ['faults', result.faults.length === 0 ? 'none' : result.faults.join('; ')],
]);

const memoryOf = ({ memory }: SoakResult): string => table(['MB', 'first quarter', 'second', 'third', 'last'],
  Object.entries(memory).map(([name, all]) => [name, ...all.map(({ low, middle, high }) => `${low} / ${middle} / ${high}`)]));

const revision = (root: string): string => execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();

/** Writes both forms; gives the path of the table. */
export const writeSoak = (root: string, result: SoakResult, command: string, servers: Record<string, string>): string => {
  const dir = join(root, 'bench', 'results');
  mkdirSync(dir, { recursive: true });
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`;
  const versions = { node: process.version, ...servers };
  const file = join(dir, `soak-${date}.md`);
  writeFileSync(join(dir, `soak-${date}.json`), `${JSON.stringify({ date, command, machine, versions, revision: revision(root), ...result }, null, 1)}\n`);
  writeFileSync(file, `# Soak, ${date}

\`${command}\` at ${revision(root)} on ${machine}; ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}. Driver, platforms, NATS, Postgres and all services on this one machine.

${summaryOf(result)}

Lost, doubled and faults are counted in SQL over the driver's ledger, the services' databases and the platforms' journals.

Memory (lowest / middle / highest sample of each quarter of the time; services are killed and begin anew again and again):

${memoryOf(result)}
`);
  return file;
};
