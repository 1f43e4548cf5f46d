import { execFileSync, spawnSync } from 'node:child_process';

export interface RunAs {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const account = (name: string): RunAs | undefined => {
  try {
    const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { name, uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined; // `id` fails for a user that does not exist: the next name is tried.
  }
};

/** The user Postgres runs as: undefined = ours; as root, which Postgres refuses, `postgres` or else `nobody`. */
export const postgresUser = (): RunAs | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const user = account('postgres') ?? account('nobody');
  if (!user) throw new Error('Postgres does not run as root, and this system has neither a user "postgres" nor "nobody": start as another user, or set DATABASE_URL');
  return user;
};

/** Whether that user can get at the path: a folder above it may be closed to others, as /root is. */
export const canAccess = (user: RunAs | undefined, path: string): boolean =>
  user === undefined || spawnSync('test', ['-x', path], { uid: user.uid, gid: user.gid, cwd: '/' }).status === 0;
