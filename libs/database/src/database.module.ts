import { Module, type DynamicModule } from '@nestjs/common';
import type { ServiceName } from '@stellwerk/contracts';
import { Database } from './database.js';
import type { MigrationClass } from './migration.js';

@Module({})
export class DatabaseModule {
  static forService(_service: ServiceName, _migrations: readonly MigrationClass[]): DynamicModule {
    return { module: DatabaseModule, global: true, providers: [Database], exports: [Database] };
  }
}
