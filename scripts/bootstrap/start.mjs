import { HELP, parseOptions } from '../start/options.mjs';
import { runInner } from './inner-process.mjs';
import { prepare } from './prepare.mjs';
import { inRoot } from './root.mjs';

// npm runs scripts in the project's folder; a relative path means the folder the user typed it in.
const startFolder = () => (process.env.npm_lifecycle_event === 'start' && process.env.INIT_CWD) || process.cwd();

/**
 * What the user's own Node does of `npm start`: everything up to handing over to the supervisor.
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export const start = async (args) => {
  const options = parseOptions(args, startFolder());
  if ('fault' in options) {
    console.error(`${options.fault}\n\n${HELP}`);
    return 1;
  }
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const failed = await prepare();
  return failed || runInner(inRoot('scripts', 'start', 'main.ts'), args, { cwd: startFolder() });
};
