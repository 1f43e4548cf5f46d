import type { DynamicModule } from '@nestjs/common';
import type { ServiceName } from '@stellwerk/contracts';
import { Resources } from './resources.js';
import { Secrets } from './secrets.js';

/** Gives Resources and Secrets to the whole service; `STELLWERK_CONFIG` names the directory. */
export class ResourcesModule {
  static forService(service: ServiceName): DynamicModule {
    return { module: ResourcesModule, global: Boolean(service), providers: [Resources, Secrets], exports: [Resources, Secrets] };
  }
}
