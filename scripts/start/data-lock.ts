import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartFailed } from './errors.ts';
import { pidIdentity, stillRuns } from './pid-identity.ts';

interface Holder {
  pid: number;
  identity: string;
}

const holderOf = (file: string): Holder | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined; // Given back between our two looks, or torn by a crash of the machine: nobody's.
  }
};

// A link appears whole or not at all, and fails when the name is taken.
const tryLink = (from: string, to: string): boolean => {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

/** One supervisor per data folder. Gives back the release; a lock whose holder is dead is taken over. */
export const lockData = (dir: string): (() => void) => {
  const file = join(dir, 'start.lock');
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, identity: pidIdentity(process.pid) }));
  try {
    if (!tryLink(mine, file)) {
      const holder = holderOf(file);
      if (holder && stillRuns(holder)) throw new StartFailed(`Stellwerk already runs on ${dir} (process ${holder.pid}): stop it first, or choose another folder with --data`);
      rmSync(file, { force: true });
      if (!tryLink(mine, file)) throw new StartFailed(`another start took ${dir} at this moment`);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(file, { force: true });
};
