import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

interface Ran {
  code: number;
  out: string[];
  err: string[];
}

const run = async (...args: string[]): Promise<Ran> => {
  const ran: Ran = { code: -1, out: [], err: [] };
  ran.code = await runCli(args, { out: (text) => ran.out.push(...text.split('\n')), err: (text) => ran.err.push(...text.split('\n')) });
  return ran;
};

const FLOW = `kind: Connection
metadata: { name: jenkins }
spec: { platform: jenkins, url: "https://ci.example.com", webhook: { secrets: [{ env: STELLWERK_TEST_UNSET }] }, auth: { user: u, token: { env: PATH } } }
---
kind: Flow
metadata: { name: nightly }
spec:
  on: { event: commit.pushed }
  steps:
    build: { uses: jenkins/start-build, with: { job: shop/e2e } }
`;

describe('stellwerk lint', () => {
  let home: string;
  let before: string;

  beforeEach(async () => {
    before = process.cwd();
    home = await mkdtemp(join(tmpdir(), 'stellwerk-cli-'));
    await mkdir(join(home, 'config', 'flows'), { recursive: true });
    process.chdir(home);
  });

  afterEach(async () => {
    process.chdir(before);
    await rm(home, { recursive: true });
  });

  const write = (text: string): Promise<void> => writeFile(join('config', 'flows', 'nightly.yaml'), text);

  it('says that a directory is valid, warns of secrets that are not set, and ends with 0', async () => {
    await write(FLOW);
    const { code, out, err } = await run('lint', 'config');
    expect(out).toEqual([
      'config/flows/nightly.yaml:3:80: warning: secret { env: STELLWERK_TEST_UNSET } is not set',
      '1 file valid: 1 connection, 1 flow; 1 warning',
    ]);
    expect([code, err]).toEqual([0, []]);
  });

  it('prints every fault at once with the path as it was given, and ends with 1', async () => {
    await write(FLOW.replace('commit.pushed', 'commit.pushd').replace('job: shop/e2e', 'jobb: shop/e2e').replace('build: {', 'build: { needs: build,'));
    const { code, out, err } = await run('lint', './config/');
    expect(out).toEqual([
      './config/flows/nightly.yaml:3:80: warning: secret { env: STELLWERK_TEST_UNSET } is not set',
      './config/flows/nightly.yaml:8:16: unknown event "commit.pushd": did you mean "commit.pushed"?',
      './config/flows/nightly.yaml:10:14: step "build" needs itself: build → build',
      './config/flows/nightly.yaml:10:55: start-build needs "job": Job path, folders parted by /',
      './config/flows/nightly.yaml:10:63: unknown field "jobb" of start-build: did you mean "job"?',
    ]);
    expect([code, err]).toEqual([1, ['4 errors, 1 warning in 1 file']]);
  });

  it('gives JSON to programs', async () => {
    await write(FLOW);
    const { code, out } = await run('lint', 'config', '--json', '--require-secrets');
    expect(code).toBe(1);
    expect(JSON.parse(out.join('\n'))).toEqual({
      ok: false, errors: 1, warnings: 0, files: 1, resources: { connections: 1, flows: 1, channels: 0, environments: 0 },
      faults: [{ file: 'config/flows/nightly.yaml', line: 3, column: 80, message: 'secret { env: STELLWERK_TEST_UNSET } is not set', severity: 'error' }],
    });
  });

  it.each([
    [['lint'], "error: missing required argument 'dir'"],
    [['lint', 'nowhere'], 'error: nowhere: no such directory'],
    [['lint', 'config'], 'error: config: no .yaml or .yml files in it'],
    [['lint', 'config', 'b'], "error: too many arguments for 'lint'. Expected 1 argument but got 2: config, b."],
    [['lint', '--jsn', 'config'], "error: unknown option '--jsn'"],
    [['lnt'], "error: unknown command 'lnt'"],
    [[], 'Usage: stellwerk [options] [command]'],
  ])('%j is called wrongly: 2', async (args, message) => {
    const { code, out, err } = await run(...args);
    expect([code, out, err[0]]).toEqual([2, [], message]);
  });

  it.each([[['--help']], [['lint', '--help']], [['--version']]])('%j helps and ends with 0', async (args) => {
    const { code, out, err } = await run(...args);
    expect([code, err]).toEqual([0, []]);
    expect(out.join('')).not.toBe('');
  });
});
