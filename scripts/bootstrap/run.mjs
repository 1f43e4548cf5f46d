import { spawn } from 'node:child_process';
import { ROOT } from './root.mjs';

/** A command that failed; `output` is all it wrote. */
export class CommandFailed extends Error {
  /** @param {string} command @param {number | null} code @param {string} output */
  constructor(command, code, output) {
    super(`${command} failed (exit ${code})`);
    this.output = output;
  }
}

/**
 * Runs a command in the project's folder and keeps its output to itself, unless it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<string>} what it wrote
 */
export const run = (command, args, { env = process.env, cwd = ROOT } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    /** @param {Buffer} chunk */
    const keep = (chunk) => { output += chunk.toString(); };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => reject(new CommandFailed(command, null, error.message)));
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new CommandFailed([command, ...args].join(' '), code, output))));
  });
