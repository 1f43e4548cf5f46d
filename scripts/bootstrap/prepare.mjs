import { build } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { CommandFailed } from './run.mjs';

/**
 * Installs what is missing and builds what changed; says why when it cannot.
 * @param {(line: string) => void} [say] hears of the progress
 * @returns {Promise<number>} exit code
 */
export const prepare = async (say = console.log) => {
  try {
    await ensureInstalled(say);
    await build(say);
    return 0;
  } catch (error) {
    if (error instanceof CommandFailed) console.error(error.output.trim());
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
};
