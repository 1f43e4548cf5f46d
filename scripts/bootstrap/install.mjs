import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { withProgress } from './progress.mjs';
import { inRoot } from './root.mjs';
import { run } from './run.mjs';

const STAMP = inRoot('node_modules', '.stellwerk-installed');

const manifests = () => {
  const folders = ['libs', 'services'].flatMap((group) => readdirSync(inRoot(group)).map((name) => inRoot(group, name)));
  return [inRoot(), inRoot('cli'), inRoot('dashboard'), ...folders].map((dir) => `${dir}/package.json`).filter((file) => existsSync(file));
};

// By content and not by time: a clone, a checkout and a copy all set times of their own.
const fingerprint = () => {
  const hash = createHash('sha256').update(process.platform + process.arch);
  for (const file of [inRoot('package-lock.json'), ...manifests()]) hash.update(readFileSync(file));
  return hash.digest('hex');
};

const isInstalled = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint();

/** npm on the Node it came with: under `npm start` the first `node` on the PATH may be the one about to be replaced. */
const npm = () => {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  return cli?.endsWith('.js') && !cli.includes('yarn') ? { command: node ?? process.execPath, args: [cli] } : { command: 'npm', args: [] };
};

/**
 * Installs the dependencies when they are missing or others than the lock file names.
 * `npm install` and not `npm ci`: a lock file written on one system may lack the optional binaries of another, which `ci` refuses.
 * @param {(line: string) => void} say
 */
export const ensureInstalled = async (say) => {
  if (isInstalled()) return;
  const { command, args } = npm();
  await withProgress('installing the dependencies (npm install; a minute or two the first time)', () =>
    run(command, [...args, 'install', '--include=dev', '--include=optional', '--loglevel=error']), say);
  writeFileSync(STAMP, fingerprint());
};
