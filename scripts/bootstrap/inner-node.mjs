import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inRoot } from './root.mjs';

/** Runs TypeScript by itself from here on; the telemetry SDK and the breaker need 22.15. */
const OLDEST = /** @type {const} */ ([22, 18]);

/** @param {string} version e.g. v24.21.0 */
const fits = (version) => {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
};

/** @param {string} file */
const versionOf = (file) => spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout ?? '';

/**
 * The Node everything but the bootstrap runs on: the one npm installed, else the user's own when it is new enough.
 * @returns {string} path of the executable
 */
export const innerNode = () => {
  const installed = inRoot('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(installed) && fits(versionOf(installed))) return installed;
  if (fits(process.version)) return process.execPath;
  throw new Error(`the Node 24 of the project is missing (${installed}): its install script did not run. Try \`npm rebuild node\`, or use Node ≥ ${OLDEST.join('.')}`);
};

/**
 * The environment of a child: the inner Node first on the PATH.
 * @param {string} node
 */
export const withInnerNode = (node) => ({ ...process.env, PATH: `${node.replace(/[\\/][^\\/]+$/, '')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}` });
