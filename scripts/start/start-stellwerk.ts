import { SERVICES } from '@stellwerk/contracts';
import { ConfigNews } from './config-news.ts';
import type { DataDir } from './data-dir.ts';
import { startDemo, type Demo } from './demo/start-demo.ts';
import type { Doors } from './doors.ts';
import { runJobs } from './jobs.ts';
import { embeddedNats, requireNats } from './nats.ts';
import { embeddedPostgres, requirePostgres } from './postgres.ts';
import { missedHooksIn } from './missed-hooks.ts';
import type { ProcessSpec } from './process-spec.ts';
import { declareJob, migrationJobs, serviceSpecs } from './services.ts';
import type { StartConfig } from './start.config.ts';
import type { Supervisor } from './supervisor.ts';

export interface Setting {
  readonly root: string;
  /** The user's config directory; undefined = the demo. */
  readonly configDir: string | undefined;
  readonly config: StartConfig;
  readonly data: DataDir;
  readonly doors: Doors;
  readonly supervisor: Supervisor;
  readonly say: (line: string) => void;
  /** Aborted when a person wants to stop. */
  readonly signal: AbortSignal;
}

const startServers = async ({ config, data, supervisor, say }: Setting): Promise<{ NATS_URL: string; DATABASE_URL: string }> => {
  const specs: ProcessSpec[] = [];
  if (config.natsUrl) await requireNats(config.natsUrl);
  if (config.databaseUrl) await requirePostgres(config.databaseUrl);
  const nats = config.natsUrl ? undefined : await embeddedNats(data, say);
  const postgres = config.databaseUrl ? undefined : await embeddedPostgres(data, say);
  if (nats) specs.push(nats.spec);
  if (postgres) specs.push(postgres.spec);
  await supervisor.start(specs);
  await postgres?.prepare();
  return { NATS_URL: config.natsUrl ?? nats!.url, DATABASE_URL: config.databaseUrl ?? postgres!.url };
};

const commonEnv = ({ config, doors, data }: Setting, servers: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...config.inherited, ...servers,
  HOST: config.host,
  INGRESS_PORT: String(doors.ingressPort),
  STATUS_PORT: String(doors.statusPort),
  STELLWERK_PUBLIC_URL: config.inherited['STELLWERK_PUBLIC_URL'] || doors.statusUrl,
  // Compiled code is kept between starts: a service is ready in about half the time.
  NODE_COMPILE_CACHE: data.file('cache', 'compiled'),
});

/** Everything from the servers to the last service, in order; gives the demo to play, if there is one. */
export const startStellwerk = async (setting: Setting): Promise<Demo | undefined> => {
  const { root, data, supervisor, say, signal, config, doors } = setting;
  say(`starting ${[config.natsUrl ? '' : 'NATS', config.databaseUrl ? '' : 'Postgres'].filter(Boolean).join(' and ') || 'with the servers given'} …`);
  const env = commonEnv(setting, await startServers(setting));
  say(`migrating the database and declaring the streams${setting.configDir === undefined ? ', starting simulated GitHub, GitLab, Jenkins, Slack and Discord' : ''} …`);
  const [demo] = await Promise.all([
    setting.configDir === undefined ? startDemo({ root, data, doors, supervisor, env }) : undefined,
    runJobs([declareJob, ...migrationJobs()], { root, env, logFile: (name) => data.log(name), signal }),
  ]);
  say('starting the services …');
  const configured = { ...env, ...demo?.env, ...(demo && { PUBLIC_HOOKS_URL: env['PUBLIC_HOOKS_URL'] || `${doors.ingressUrl}/hooks` }), STELLWERK_CONFIG: setting.configDir ?? demo!.configDir };
  await supervisor.start(serviceSpecs(root, configured, config.telemetry, new ConfigNews(SERVICES, say)));
  const missed = setting.configDir === undefined ? undefined : await missedHooksIn(setting.configDir, env['PUBLIC_HOOKS_URL']);
  if (missed !== undefined) say(missed);
  return demo;
};
