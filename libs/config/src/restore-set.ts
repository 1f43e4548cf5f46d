import { formatFault, type Fault, type ResourceSet } from '@stellwerk/flows';
import { ConfigFault, messageOf } from '@stellwerk/service-kit';
import type { ContentParser, LoadedDirectory } from './load-directory.js';
import type { LastSet, SetKeeper } from './set-keeper.js';

export interface RestoredSet {
  resources: ResourceSet;
  /** Warnings: this version of the service may have others than the one that took the set. */
  faults: Fault[];
  ageSeconds: number;
}

/** Who reads a set, and what forbids to use it. */
interface Judging {
  parser: ContentParser;
  check: (loaded: LoadedDirectory) => Fault[];
}

/**
 * The set that was in force last, for a start beside files that are refused because of `faults`; undefined when none is
 * kept. It is checked as files are: another version of the service may have kept it, and a secret may be gone. Throws
 * ConfigFault when it cannot be used either, and an Error while the store does not answer: whether this is the first
 * start is not known then, and another start may help.
 */
export async function restoreSet(keeper: SetKeeper, faults: readonly Fault[], { parser, check }: Judging): Promise<RestoredSet | undefined> {
  const last = await lastOf(keeper, faults);
  if (!last) return undefined;
  const loaded = await parser.parse({ files: last.files, faults: [] });
  const own = check(loaded).map(formatFault);
  if (own.length > 0) throw new ConfigFault(faultsOfBoth(faults.map(formatFault), own, last.revision));
  return { resources: loaded.resources, faults: loaded.faults, ageSeconds: last.ageSeconds };
}

/** A secret that is gone is a fault of both: it is said once. */
const faultsOfBoth = (now: readonly string[], before: readonly string[], revision: string): string[] =>
  [...now, ...before.filter((line) => !now.includes(line)).map((line) => `of the last valid set, revision ${revision}: ${line}`)];

const lastOf = (keeper: SetKeeper, faults: readonly Fault[]): Promise<LastSet | undefined> => keeper.last().catch((error: unknown) => {
  const lines = ['the files are refused, and the last valid set cannot be read', ...faults.map(formatFault), messageOf(error)];
  throw new Error(lines.join('\n'), { cause: error });
});
