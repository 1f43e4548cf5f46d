import { Module, type DynamicModule } from '@nestjs/common';
import type { ServiceName } from '@stellwerk/contracts';
import { Metrics } from '@stellwerk/service-kit';
import { databaseSettings, type DatabaseOptions } from './database.config.js';
import { DatabaseLifecycle } from './database.lifecycle.js';
import { databaseMetrics } from './database.metrics.js';
import { Database } from './database.js';
import { KeptConfigRepository } from './kept-config.repository.js';
import type { MigrationClass } from './migration.js';

/** A service's own schema; global. */
@Module({})
export class DatabaseModule {
  /** `migrations`: those the service needs run before it is ready. */
  static forService(service: ServiceName, migrations: readonly MigrationClass[], options: DatabaseOptions = {}): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        DatabaseLifecycle, KeptConfigRepository,
        {
          provide: Database,
          inject: [Metrics],
          useFactory: (metrics: Metrics) => new Database({ ...databaseSettings(service), ...options }, migrations, databaseMetrics(service, metrics)),
        },
      ],
      exports: [Database, KeptConfigRepository],
    };
  }
}
