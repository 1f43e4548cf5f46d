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
/** The newest that installs: 2.41.3 wants an `@n8n/agents` that the registry does not have. */
const N8N = '2.41.0';
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

/** n8n by npm, more than a thousand packages and 3 GB. Their install scripts are left out: they build or download what only some of its nodes need, and its SQLite. */
const n8n = (): Tried => {
  const home = join(HOME, `n8n-${N8N}`);
  const installed = join(home, 'installed');
  if (!existsSync(installed)) {
    mkdirSync(home, { recursive: true });
    console.log(`installing n8n ${N8N} into ${home} …`);
    const fault = run('npm', ['install', '--prefix', home, '--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error', `n8n@${N8N}`]);
    if (fault) return { platform: 'n8n', skipped: fault };
    mkdirSync(installed);
  }
  return { platform: 'n8n', env: { REAL_N8N: join(home, 'node_modules', 'n8n', 'bin', 'n8n') } };
};

/** Not in a registry as a server that runs by itself: all of them want a Kubernetes cluster. */
const others: readonly Tried[] = [
  { platform: 'argo-workflows', skipped: 'its server needs a Kubernetes cluster' },
  { platform: 'argo-cd', skipped: 'its server needs a Kubernetes cluster' },
];

const tried = [prefect(), n8n(), ...others];
const env = withPlaces(tried.map((one) => one.env));
const vitest = spawnSync(process.execPath, [inRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', '--config', inRoot('vitest.real.config.ts'), ...process.argv.slice(2)], { cwd: ROOT, env, stdio: 'inherit' });
for (const { platform, skipped } of tried) console.log(skipped === undefined ? `${platform}: tried` : `${platform}: skipped: ${skipped}`);
process.exitCode = vitest.status ?? 1;
