import { tempDir, type TempDir } from '@stellwerk/testing';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runJobs, type JobContext } from './jobs.ts';

let dir: TempDir;
beforeEach(async () => { dir = await tempDir('jobs'); });
afterEach(() => dir.remove());

const context = (): JobContext => ({ root: dir.path, env: {}, logFile: (name) => join(dir.path, `${name}.log`), signal: new AbortController().signal });

const job = (name: string, source: string): { name: string; script: string } => {
  const script = join(dir.path, `${name}.mjs`);
  writeFileSync(script, source);
  return { name, script };
};

it('all of them run', async () => {
  await runJobs(['a', 'b', 'c'].map((name) => job(name, `import { writeFileSync } from 'node:fs'; writeFileSync('${name}.done', '');`)), context());
  expect(['a', 'b', 'c'].every((name) => existsSync(join(dir.path, `${name}.done`)))).toBe(true);
});

it('one that fails ends the others, and says why', async () => {
  const slow = job('slow', 'setInterval(() => {}, 1000);');
  const broken = job('migrate-router', "console.error('relation runs already exists'); process.exit(1);");
  await expect(runJobs([slow, broken], context())).rejects.toThrow('migrate-router failed (exit 1):\nrelation runs already exists');
});
