import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot, ROOT } from '../bootstrap/root.mjs';
import type { Counts } from './count-reporter.ts';
import { withCountsFile } from './test.config.ts';

const vitest = (args: readonly string[], counts: string): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [inRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', ...args], {
      cwd: ROOT, env: withCountsFile(counts), stdio: ['ignore', 'inherit', 'inherit'],
    });
    // Ctrl-C reaches vitest by the terminal; a SIGTERM to us alone would leave it and its servers running.
    const handOn = (): void => { child.kill('SIGTERM'); };
    process.once('SIGTERM', handOn);
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('SIGTERM', handOn);
      resolve(code);
    });
  });

/** One run; one that ended badly without counting a failure (a crash) is a failure itself. */
export const runVitest = async (args: readonly string[]): Promise<Counts> => {
  const dir = await mkdtemp(join(tmpdir(), 'stellwerk-counts-'));
  const file = join(dir, 'counts.json');
  try {
    const code = await vitest(args, file);
    const counts = await readFile(file, 'utf8').then((text) => JSON.parse(text) as Counts, () => ({ passed: 0, failed: 0, failures: [] }));
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1, failures: [`vitest ${args.join(' ')}: exit code ${String(code)}`] } : counts;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};
