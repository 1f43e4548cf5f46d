import { existsSync } from 'node:fs';
import { CHECKS } from '../checks/index.ts';
import { repositoryFiles } from '../checks/repository-files.ts';
import { inRoot, ROOT } from '../bootstrap/root.mjs';
import { CommandFailed, run } from '../bootstrap/run.mjs';

/** Something that is proved without running the product. `prove` gives what is wrong, or an empty text. */
export interface Gate {
  readonly name: string;
  readonly prove: () => Promise<string>;
}

const tool = (name: string, script: string[], args: string[]): Gate => ({
  name,
  prove: async () => {
    try {
      await run(process.execPath, [inRoot('node_modules', ...script), ...args]);
      return '';
    } catch (error) {
      if (error instanceof CommandFailed) return error.output.trim() || error.message;
      throw error;
    }
  },
});

const types = (project: string): Gate => tool(`types of ${project}`, ['typescript-7', 'bin', 'tsc'], ['-p', project]);

const CRUISED = ['libs', 'services', 'cli', 'dashboard', 'scripts', 'e2e', 'bench'];

const repositoryGates = (): Gate[] => {
  const files = repositoryFiles(ROOT);
  return CHECKS.map((check) => ({
    name: check.name,
    prove: async () => check.run(files).map(({ path, line, message }) => `${path}:${line}: ${message}`).join('\n'),
  }));
};

/** All of them, the quick ones that fail most often first. */
export const gates = (): Gate[] => [
  ...['tsconfig.check.json', 'scripts', 'e2e', 'bench', 'dashboard'].filter((project) => existsSync(inRoot(project))).map(types),
  tool('eslint', ['eslint', 'bin', 'eslint.js'], ['.', '--max-warnings', '0']),
  tool('who may import whom', ['dependency-cruiser', 'bin', 'dependency-cruiser.mjs'],
    ['--config', '.dependency-cruiser.cjs', ...CRUISED.filter((folder) => existsSync(inRoot(folder)))]),
  tool('unused code (knip)', ['knip', 'bin', 'knip.js'], ['--no-progress', '--no-config-hints']),
  ...repositoryGates(),
];
