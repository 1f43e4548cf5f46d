import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, ROOT } from '../bootstrap/root.mjs';
import { withPlaces } from './real.config.ts';

/** What could be had, by the variable that tells the specs where it is; else why not. */
interface Tried {
  platform: string;
  env?: Record<string, string>;
  skipped?: string;
}

const HOME = inRoot('.stellwerk', 'real');
const PREFECT = '3.9.1';
const INSTALL_LIMIT_MS = 900_000;

const run = (command: string, args: string[]): string | undefined => {
  const ran = spawnSync(command, args, { encoding: 'utf8', timeout: INSTALL_LIMIT_MS });
  return ran.status === 0 ? undefined : `${command} ${args.join(' ')}: ${ran.error?.message ?? (ran.stderr.trim().split('\n').at(-1) || `exit code ${String(ran.status)}`)}`;
};

/** Prefect by pip, in a virtual environment of its own. */
const prefect = (): Tried => {
  const venv = join(HOME, `prefect-${PREFECT}`);
  const installed = join(venv, 'installed');
  if (!existsSync(installed)) {
    mkdirSync(HOME, { recursive: true });
    console.log(`installing Prefect ${PREFECT} into ${venv} …`);
    const fault = run('python3', ['-m', 'venv', venv]) ?? run(join(venv, 'bin', 'pip'), ['install', '--quiet', `prefect==${PREFECT}`]);
    if (fault) return { platform: 'prefect', skipped: fault };
    mkdirSync(installed);
  }
  return { platform: 'prefect', env: { REAL_PREFECT: join(venv, 'bin') } };
};

/** Not in a registry as a server that runs by itself: all of them want a Kubernetes cluster, or a database of their own making. */
const others: readonly Tried[] = [
  { platform: 'argo-workflows', skipped: 'its server needs a Kubernetes cluster' },
  { platform: 'argo-cd', skipped: 'its server needs a Kubernetes cluster' },
  { platform: 'n8n', skipped: 'its npm package brings more than a thousand others, and an owner account has to be made by hand before it gives out an API key' },
];

const tried = [prefect(), ...others];
const env = withPlaces(tried.map((one) => one.env));
const vitest = spawnSync(process.execPath, [inRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', '--config', inRoot('vitest.real.config.ts'), ...process.argv.slice(2)], { cwd: ROOT, env, stdio: 'inherit' });
for (const { platform, skipped } of tried) console.log(skipped === undefined ? `${platform}: tried` : `${platform}: skipped: ${skipped}`);
process.exitCode = vitest.status ?? 1;
