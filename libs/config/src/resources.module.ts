import { Inject, Module, type DynamicModule, type OnApplicationBootstrap, type OnModuleDestroy, type Provider } from '@nestjs/common';
import { ANSWERING, type ServiceName } from '@stellwerk/contracts';
import { configDirectory, secretVariables } from './config.config.js';
import { DirectoryWatcher } from './directory-watcher.js';
import { LiveConfig } from './live-config.js';
import { Resources } from './resources.js';
import { revisionController } from './revision.controller.js';
import { Secrets } from './secrets.js';

const WATCHER = Symbol('config watcher');

/** Gives Resources and Secrets to the whole service; `STELLWERK_CONFIG` names the directory. Invalid at the start = ConfigFault. */
@Module({})
export class ResourcesModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(@Inject(WATCHER) private readonly watcher: DirectoryWatcher) {}

  static forService(service: ServiceName): DynamicModule {
    const providers: Provider[] = [
      { provide: Secrets, useFactory: () => new Secrets(secretVariables()) },
      { provide: LiveConfig, useFactory: (secrets: Secrets) => LiveConfig.load(configDirectory(), service, secrets), inject: [Secrets] },
      { provide: Resources, useFactory: (live: LiveConfig) => live.resources, inject: [LiveConfig] },
      { provide: WATCHER, useFactory: (live: LiveConfig) => new DirectoryWatcher(configDirectory(), () => live.reload()), inject: [LiveConfig] },
    ];
    const controllers = ANSWERING.includes(service) ? [revisionController(service)] : [];
    return { module: ResourcesModule, global: true, controllers, providers, exports: [Resources, Secrets] };
  }

  onApplicationBootstrap(): void {
    this.watcher.start();
  }

  onModuleDestroy(): void {
    this.watcher.stop();
  }
}
