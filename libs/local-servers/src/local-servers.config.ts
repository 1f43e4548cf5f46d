import { fileURLToPath } from 'node:url';

/** Everything this lib reads from the environment. */
export interface LocalServersConfig {
  /** A nats-server the operator chose; wins over everything else. */
  readonly natsServer: string | undefined;
  readonly path: string;
  /** Where a fetched nats-server is kept between runs. */
  readonly cacheDir: string;
}

const PROJECT_CACHE = fileURLToPath(new URL('../../../.stellwerk/cache', import.meta.url));

export const localServersConfig = (env: NodeJS.ProcessEnv = process.env): LocalServersConfig => ({
  natsServer: env['NATS_SERVER'] || undefined,
  path: env['PATH'] ?? '',
  cacheDir: env['STELLWERK_CACHE'] || PROJECT_CACHE,
});
