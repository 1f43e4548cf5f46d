import 'reflect-metadata';
import { Global, Logger, Module, type LoggerService } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConfirmConfigs, Database, DatabaseModule, KeptConfigRepository, keptConfigTable, runMigrations, type MigrationInterface, type QueryRunner } from '@stellwerk/database';
import { Metrics, Readiness } from '@stellwerk/service-kit';
import { Resources, ResourcesModule } from '../src/index.js';
import { setEnvironment } from './environment.config.js';

export class KeepConfigs1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of keptConfigTable()) await runner.query(statement);
  }

  async down(): Promise<void> {}
}

export class ConfirmConfigs1764000000002 extends ConfirmConfigs {
  readonly name = 'ConfirmConfigs1764000000002';
}

const MIGRATIONS = [KeepConfigs1764000000001, ConfirmConfigs1764000000002];

export const migrate = (url: string): Promise<string[]> => runMigrations('ingress', MIGRATIONS, url);

/** Log events with their fields, of all services that were started, oldest first. */
export const said: { event: string; fields: Record<string, unknown> }[] = [];

const hear = (fields: unknown, event: unknown): void => void said.push({ event: String(event), fields: fields as Record<string, unknown> });
const LOG: LoggerService = { log: hear, warn: hear, error: hear, debug: () => {}, verbose: () => {}, fatal: hear };

export interface StartedConfig {
  resources: Resources;
  database: Database;
  kept: KeptConfigRepository;
  /** Value of `stellwerk_ingress_config_<name>`. */
  gauge(name: string): Promise<number>;
  stop(): Promise<void>;
}

export interface ConfigStart {
  databaseUrl: string;
  directory: string;
  /** Of the environment, beside those. */
  env?: Record<string, string | undefined>;
}

const running = new Set<StartedConfig>();

/** What a service does with its configuration: the modules of ingress that have to do with it, on its real schema. */
export const startConfig = async ({ databaseUrl, directory, env = {} }: ConfigStart): Promise<StartedConfig> => {
  setEnvironment({ DATABASE_URL: databaseUrl, STELLWERK_CONFIG: directory, ...env });
  Logger.overrideLogger(LOG);
  const metrics = new Metrics();
  const kit = [{ provide: Readiness, useValue: new Readiness() }, { provide: Metrics, useValue: metrics }];
  @Global()
  @Module({ providers: kit, exports: [Readiness, Metrics] })
  class KitForTests {}
  const imports = [KitForTests, ResourcesModule.forService('ingress', KeptConfigRepository), DatabaseModule.forService('ingress', MIGRATIONS)];
  const application = await Test.createTestingModule({ imports }).setLogger(LOG).compile();
  await application.init();
  const started = view(application, metrics);
  running.add(started);
  return started;
};

const view = (application: TestingModule, metrics: Metrics): StartedConfig => {
  const started: StartedConfig = {
    resources: application.get(Resources, { strict: false }),
    database: application.get(Database, { strict: false }),
    kept: application.get(KeptConfigRepository, { strict: false }),
    gauge: async (name) => (await metrics.registry.getSingleMetric(`stellwerk_ingress_config_${name}`)!.get()).values[0]!.value,
    stop: async () => {
      if (running.delete(started)) await application.close();
    },
  };
  return started;
};

/** For `afterEach`. */
export const stopAll = async (): Promise<void> => {
  for (const started of running) await started.stop();
};
