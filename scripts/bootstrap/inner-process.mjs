import { spawn } from 'node:child_process';
import { innerNode, withInnerNode } from './inner-node.mjs';
import { ROOT } from './root.mjs';

const PARENT_LOOK_MS = 500;

/**
 * npm that is killed by SIGKILL says nothing; that its place as our parent is taken by another does.
 * Only below npm: who starts us from a shell may well leave it.
 * @param {() => void} gone
 */
const onNpmGone = (gone) => {
  if (!process.env.npm_lifecycle_event) return;
  const npm = process.ppid;
  setInterval(() => { if (process.ppid !== npm) gone(); }, PARENT_LOOK_MS).unref();
};

/**
 * Runs a script on the inner Node in our place: same terminal, our signals handed on, its exit code ours.
 * The channel between the two tells it when we are gone, even by SIGKILL.
 * @param {string} script
 * @param {string[]} args
 * @param {{ cwd?: string, execArgv?: string[] }} [options]
 * @returns {Promise<number>} exit code
 */
export const runInner = (script, args, { cwd = ROOT, execArgv = [] } = {}) =>
  new Promise((resolve) => {
    const node = innerNode();
    const child = spawn(node, [...execArgv, script, ...args], { cwd, env: withInnerNode(node), stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
    onNpmGone(() => child.kill('SIGTERM'));
    child.once('error', (error) => { console.error(error.message); resolve(1); });
    child.once('exit', (code) => resolve(code ?? 1));
  });
