import { runInner } from './inner-process.mjs';
import { prepare } from './prepare.mjs';
import { inRoot } from './root.mjs';

/**
 * Builds, then runs a script of the repository on the inner Node.
 * @param {string} script path from the project's folder
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export const suite = async (script, args) => {
  const failed = await prepare((line) => console.error(line));
  return failed || runInner(inRoot(...script.split('/')), args);
};
