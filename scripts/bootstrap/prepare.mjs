import { build } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { CommandFailed } from './run.mjs';

/**
 * Installs what is missing and builds what changed; says why when it cannot.
 * @returns {Promise<number>} exit code
 */
export const prepare = async () => {
  try {
    await ensureInstalled();
    await build();
    return 0;
  } catch (error) {
    if (error instanceof CommandFailed) console.error(error.output.trim());
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
};
