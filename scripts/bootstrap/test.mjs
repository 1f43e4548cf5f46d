import { runInner } from './inner-process.mjs';
import { prepare } from './prepare.mjs';
import { inRoot } from './root.mjs';

/**
 * Installs and builds what is needed, then hands over to the test runner on the inner Node.
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export const test = async (args) => {
  if (await prepare() === 0) return runInner(inRoot('scripts', 'test', 'main.ts'), args);
  console.log('\n0 passed, 1 failed');
  return 1;
};
