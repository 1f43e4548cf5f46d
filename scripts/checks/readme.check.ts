import type { Check } from './check.ts';

const PACKAGE = /^((?:libs|services)\/[^/]+|cli|dashboard)\/package\.json$/;
/** One screen. */
const MOST_LINES = 80;

/** Each service and lib says on one screen what it is for. */
export const readme: Check = {
  name: 'each package has a README of one screen',
  run: (files) => {
    const texts = new Map(files.map(({ path, text }) => [path, text]));
    return files.flatMap(({ path }) => {
      const folder = PACKAGE.exec(path)?.[1];
      if (!folder) return [];
      const text = texts.get(`${folder}/README.md`);
      if (text === undefined) return [{ path: folder, line: 1, message: 'README.md is missing' }];
      const lines = text.split('\n').length;
      return lines > MOST_LINES ? [{ path: `${folder}/README.md`, line: lines, message: `longer than one screen (${MOST_LINES} lines)` }] : [];
    });
  },
};
