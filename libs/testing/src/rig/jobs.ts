import { SERVICES } from '@stellwerk/contracts';
import { runMigrations, type MigrationClass } from '@stellwerk/database';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { waitFor } from '../wait-for.js';
import { ROOT } from './root.js';

const run = promisify(execFile);

/** Creates streams and consumers; a cluster may need a moment to find its leaders. */
export const declareStreams = (env: NodeJS.ProcessEnv): Promise<true> => waitFor(async () => {
  await run(process.execPath, ['libs/messaging/dist/declare.main.js'], { cwd: ROOT, env, timeout: 120_000 });
  return true as const;
}, { what: 'streams to be declared', timeoutMs: 180_000, everyMs: 500 });

/** Every schema, from the builds of the services; here and not in a process each, which would take half the start of a rig. */
export const migrateAll = async (databaseUrl: string): Promise<void> => {
  for (const service of SERVICES) {
    const built = pathToFileURL(join(ROOT, 'services', service, 'dist', 'migrations', 'index.js')).href;
    const { migrations } = await import(built) as { migrations: readonly MigrationClass[] };
    await runMigrations(service, migrations, databaseUrl);
  }
};
