import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { innerNode, withInnerNode } from './inner-node.mjs';
import { withProgress } from './progress.mjs';
import { inRoot } from './root.mjs';
import { run } from './run.mjs';

const DASHBOARD = inRoot('dashboard');

/** @param {string} path @returns {number} newest change in it, milliseconds */
const newestIn = (path) => {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).filter((name) => name !== 'dist' && name !== 'node_modules').map((name) => newestIn(join(path, name))));
};

const dashboardIsDue = () => {
  const { scripts } = JSON.parse(readFileSync(join(DASHBOARD, 'package.json'), 'utf8'));
  if (!scripts?.build) return false;
  const built = join(DASHBOARD, 'dist', 'index.html');
  return !existsSync(built) || newestIn(DASHBOARD) > statSync(built).mtimeMs;
};

/**
 * Compiles what changed since the last time, and the dashboard when a file of it did. Two seconds when nothing did.
 * @param {(line: string) => void} say
 */
export const build = async (say) => {
  const node = innerNode();
  const env = withInnerNode(node);
  await withProgress('building', async () => {
    await run(node, [inRoot('node_modules', 'typescript-7', 'bin', 'tsc'), '-b'], { env });
    if (dashboardIsDue()) await run(node, [inRoot('node_modules', 'vite', 'bin', 'vite.js'), 'build'], { env, cwd: DASHBOARD });
  }, say);
};
