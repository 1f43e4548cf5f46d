import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, cp, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { canAccess, type RunAs } from './run-as.js';
import { packagedPostgres } from './postgres-binaries.js';

/** Where the cluster lies and which binaries run it. */
export interface PostgresPlace {
  readonly binDir: string;
  readonly dataDir: string;
  readonly user: RunAs | undefined;
  /** Set when the wished-for folder is closed to the user Postgres runs as. */
  readonly note?: string;
}

const isReachable = (dir: string, user: RunAs | undefined): boolean => {
  let existing = dir;
  while (!existsSync(existing)) existing = dirname(existing);
  return canAccess(user, existing);
};

// A predictable name in a folder anybody writes to: another user may have made it first, so its owner is checked.
const outsideFolder = async (key: string): Promise<string> => {
  const base = existsSync('/var/tmp') ? '/var/tmp' : tmpdir();
  const dir = join(base, `stellwerk-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`);
  await mkdir(dir, { recursive: true, mode: 0o711 });
  const found = await lstat(dir);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) throw new Error(`${dir} belongs to somebody else: remove it, or set DATABASE_URL`);
  return dir;
};

const copiedBinaries = async (from: string, to: string): Promise<string> => {
  if (!existsSync(join(to, 'bin', 'postgres'))) await cp(dirname(from), to, { recursive: true, verbatimSymlinks: true });
  return join(to, 'bin');
};

/** A place the given user can run Postgres in: `wanted` where that is possible, else a folder outside, keyed by it. */
export const postgresPlace = async (wanted: string, user: RunAs | undefined): Promise<PostgresPlace> => {
  const packaged = await packagedPostgres();
  const dataFits = isReachable(dirname(wanted), user);
  const binariesFit = canAccess(user, join(packaged, 'postgres'));
  const outside = dataFits && binariesFit ? '' : await outsideFolder(wanted);
  const dataDir = dataFits ? wanted : join(outside, 'data');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (user) await chown(dataDir, user.uid, user.gid);
  return {
    user, dataDir,
    binDir: binariesFit ? packaged : await copiedBinaries(packaged, join(outside, 'postgres')),
    ...(dataFits ? {} : { note: `${wanted} is closed to the user "${user?.name}" Postgres runs as; its data is in ${dataDir}` }),
  };
};
