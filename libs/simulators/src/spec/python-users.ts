import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Clients of GitLab and Jenkins that know nothing of ours: LGPL-3.0 and BSD; used here only. They run from Python 3.9 on. */
const PACKAGES = ['python-gitlab==6.5.0', 'python-jenkins==1.8.3'];

const FOLDER = fileURLToPath(new URL(`../../../../node_modules/.cache/python-${PACKAGES.join('-').replaceAll('==', '-')}`, import.meta.url));

/** Fetches the clients from PyPI, once a checkout. Throws what pip said. */
export const installPythonClients = async (): Promise<void> => {
  if (existsSync(FOLDER)) return;
  const half = `${FOLDER}.${process.pid}`;
  await rm(half, { recursive: true, force: true });
  await run('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--target', half, ...PACKAGES], { timeout: 120_000 });
  await rename(half, FOLDER);
};

/** What a user of one of them saw. Throws what Python said. */
export const asPythonUser = async <T>(script: string, ...args: string[]): Promise<T> => {
  const file = fileURLToPath(new URL(`python/${script}`, import.meta.url));
  const { stdout } = await run('python3', [file, ...args], { timeout: 60_000, env: { ...process.env, PYTHONPATH: FOLDER, PYTHONDONTWRITEBYTECODE: '1' } });
  return JSON.parse(stdout) as T;
};
