import { tempDir } from '@stellwerk/testing';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../bootstrap/root.mjs';
import { runGates } from './run-gates.ts';

describe('gates', () => {
  it('one that finds something and one that breaks both count as failed', async () => {
    const lines: string[] = [];
    const counts = await runGates([
      { name: 'fine', prove: async () => '' },
      { name: 'wrong', prove: async () => 'a.ts:1: no' },
      { name: 'broken', prove: async () => { throw new Error('no such tool'); } },
    ], (line) => lines.push(line));
    expect(counts).toEqual({ passed: 1, failed: 2, failures: ['gate: wrong', 'gate: broken'] });
    expect(lines.join('\n')).toContain('    a.ts:1: no');
  });

  it('the linter keeps the environment to *.config.ts, and functions to 40 lines', () => {
    const input = `export const url = process.env['X'];\nexport const long = () => {\n${'  console.log(1);\n'.repeat(45)}};\n`;
    const rulesFor = (name: string): string[] => {
      const { stdout } = spawnSync(process.execPath, [inRoot('node_modules', 'eslint', 'bin', 'eslint.js'), '--stdin', '--stdin-filename', name, '--format', 'json'], { cwd: inRoot(), input, encoding: 'utf8' });
      return (JSON.parse(stdout) as { messages: { ruleId: string }[] }[])[0]!.messages.map(({ ruleId }) => ruleId);
    };
    expect(rulesFor('scripts/start/seed.ts')).toEqual(['no-restricted-syntax', 'max-lines-per-function']);
    expect(rulesFor('scripts/start/seed.config.ts')).toEqual([]);
  });
});

describe('the closing line', () => {
  it('counts tests that pass and fail, and a file that cannot be loaded, and names what failed', async () => {
    const dir = await tempDir('count');
    writeFileSync(join(dir.path, 'a.spec.mjs'), `import { it, expect } from '${inRoot('node_modules', 'vitest', 'dist', 'index.js')}';\nit('yes', () => {});\nit('no', () => expect(1).toBe(2));\n`);
    writeFileSync(join(dir.path, 'b.spec.mjs'), "import './not-there.mjs';\n");
    writeFileSync(join(dir.path, 'vitest.config.mjs'), `import { CountReporter } from '${inRoot('scripts', 'test', 'count-reporter.ts')}';\nexport default { test: { include: ['*.spec.mjs'], reporters: [new CountReporter()] } };\n`);
    const { stdout } = spawnSync(process.execPath, [inRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', '--root', dir.path], { encoding: 'utf8', env: { PATH: '' } });
    const [first, second, last] = stdout.trim().split('\n').slice(-3);
    expect([first, second].sort()).toEqual([
      expect.stringMatching(/^✗ .*a\.spec\.mjs > no: .*expected 1 to be 2/),
      expect.stringMatching(/^✗ .*b\.spec\.mjs: .*not-there/),
    ]);
    expect(last).toBe('1 passed, 2 failed');
    await dir.remove();
  });
});
