import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { ServiceName } from '@stellwerk/contracts';
import { LoggerModule, type Params } from 'nestjs-pino';
import { SERVICE_NAME } from './door.js';
import { Metrics } from './metrics.js';
import { Readiness } from './readiness.js';
import { SUPERVISOR, type Supervisor } from './supervisor.js';

export interface Kit {
  service: ServiceName;
  readiness: Readiness;
  metrics: Metrics;
  supervisor: Supervisor;
  log: Params;
}

/** What every service has, made before Nest so that the management port answers while the service still starts. */
@Module({})
export class KitModule {
  /** The whole application: the kit around the service's own module. */
  static around(service: Type | DynamicModule, kit: Kit): DynamicModule {
    return {
      module: KitModule,
      global: true,
      imports: [LoggerModule.forRoot(kit.log), service],
      providers: [
        { provide: SERVICE_NAME, useValue: kit.service },
        { provide: Readiness, useValue: kit.readiness },
        { provide: Metrics, useValue: kit.metrics },
        { provide: SUPERVISOR, useValue: kit.supervisor },
      ],
      exports: [SERVICE_NAME, Readiness, Metrics, SUPERVISOR],
    };
  }
}
