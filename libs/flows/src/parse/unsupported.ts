import type { ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

export const NOT_YET = 'not supported yet in this version';

const NOT_IN_FORCE = 'not in force in this version: it is read and left aside';

/**
 * What the language describes and this version does not do is refused: silently ignored, it would mislead.
 * What only makes things quieter or finds more, and whose absence no run depends on, warns.
 */
export const checkUnsupported = (source: ResourceSource): void => {
  for (const path of idlePaths(source)) source.warnKey(path, `"${String(path.at(-1))}" is ${NOT_IN_FORCE}`);
  for (const path of unsupportedPaths(source)) source.reportKey(path, `"${String(path.at(-1))}" is ${NOT_YET}`);
};

const unsupportedPaths = ({ kind, spec }: ResourceSource): Path[] => (kind === 'Channel' ? present(spec, ['spec'], ['token', 'channel']) : []);

const idlePaths = ({ kind, spec }: ResourceSource): Path[] => (kind === 'Channel' ? present(spec, ['spec'], ['quiet']) : []);

const present = (map: Record<string, unknown>, path: Path, keys: string[]): Path[] =>
  keys.filter((key) => Object.hasOwn(map, key)).map((key) => [...path, key]);
