import baseline from './file-length.baseline.json' with { type: 'json' };
import { isCode, type Check } from './check.ts';

/** Good files are 50–140 lines; more is a choice that is written down once, and may only shrink. */
const LIMIT = 160;

/** `known`: files that were longer when the rule came, with their length then. */
export const fileLengthOf = (known: Readonly<Record<string, number>>): Check => ({
  name: `files of at most ${LIMIT} lines, and longer ones do not grow`,
  run: (files) => files.filter(({ path }) => isCode(path) || path.startsWith('scripts/') && path.endsWith('.ts')).flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length;
    const most = known[path] ?? LIMIT;
    return lines > most ? [{ path, line: lines, message: `${lines} lines, allowed are ${most}: make it two` }] : [];
  }),
});

export const fileLength = fileLengthOf(baseline);
