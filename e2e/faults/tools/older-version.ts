import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './broker.ts';

const run = promisify(execFile);

/** Dependencies are this checkout's; packages of our own are the older ones. */
const linkDependencies = (dir: string): void => {
  const modules = join(dir, 'node_modules');
  mkdirSync(join(modules, '@stellwerk'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@stellwerk' && !existsSync(join(modules, name))) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  for (const lib of readdirSync(join(dir, 'libs'))) {
    const { name } = JSON.parse(readFileSync(join(dir, 'libs', lib, 'package.json'), 'utf8')) as { name: string };
    if (!existsSync(join(modules, name))) symlinkSync(join(dir, 'libs', lib), join(modules, name));
  }
};

/** Checks an older commit out into `dir` and builds its services. Gives the reason where this clone cannot. */
export const buildOlder = async (dir: string, commit: string, services: readonly string[]): Promise<string | undefined> => {
  mkdirSync(dir, { recursive: true });
  try {
    await run('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: ROOT });
  } catch {
    return `this clone does not hold commit ${commit}`;
  }
  const archive = join(dir, 'older.tar');
  await run('git', ['archive', '--output', archive, commit], { cwd: ROOT });
  await run('tar', ['xf', archive, '-C', dir]);
  linkDependencies(dir);
  await run(process.execPath, ['node_modules/typescript-7/bin/tsc', '-b', 'libs/messaging', ...services.map((name) => `services/${name}`)], { cwd: dir, timeout: 600_000, maxBuffer: 10_000_000 });
  return undefined;
};
