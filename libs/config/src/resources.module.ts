import { Inject, Module, type DynamicModule, type OnApplicationBootstrap, type OnModuleDestroy, type Provider, type Type } from '@nestjs/common';
import { ANSWERING, type ServiceName } from '@stellwerk/contracts';
import { Metrics, SUPERVISOR, type Supervisor } from '@stellwerk/service-kit';
import { configDirectory, secretVariables } from './config.config.js';
import { ConfigReport } from './config-report.js';
import { DirectoryWatcher } from './directory-watcher.js';
import type { KeptSets } from './kept-sets.js';
import { LiveConfig } from './live-config.js';
import { Resources } from './resources.js';
import { revisionController } from './revision.controller.js';
import { Secrets } from './secrets.js';
import { SetKeeper } from './set-keeper.js';

const WATCHER = Symbol('config watcher');

/**
 * Gives Resources and Secrets to the whole service; `STELLWERK_CONFIG` names the directory. Invalid at the start: the last
 * valid set, else ConfigFault.
 */
@Module({})
export class ResourcesModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    @Inject(WATCHER) private readonly watcher: DirectoryWatcher,
    @Inject(LiveConfig) private readonly live: LiveConfig,
    @Inject(SetKeeper) private readonly keeper: SetKeeper,
  ) {}

  /** `keptSets`: a provider of the service that keeps valid sets beyond its process. */
  static forService(service: ServiceName, keptSets: Type<KeptSets>): DynamicModule {
    const providers: Provider[] = [
      { provide: Secrets, useFactory: () => new Secrets(secretVariables()) },
      { provide: SetKeeper, useFactory: (kept: KeptSets) => new SetKeeper(kept, configDirectory()), inject: [keptSets] },
      {
        provide: ConfigReport, inject: [Metrics, { token: SUPERVISOR, optional: true }],
        useFactory: (metrics: Metrics, supervisor?: Supervisor) => new ConfigReport(service, metrics, supervisor),
      },
      {
        provide: LiveConfig, inject: [Secrets, ConfigReport, SetKeeper],
        useFactory: (secrets: Secrets, report: ConfigReport, keeper: SetKeeper) => LiveConfig.load({ directory: configDirectory(), service, secrets, report, keeper }),
      },
      { provide: Resources, useFactory: (live: LiveConfig) => live.resources, inject: [LiveConfig] },
      { provide: WATCHER, useFactory: (live: LiveConfig) => new DirectoryWatcher(configDirectory(), () => live.reload()), inject: [LiveConfig] },
    ];
    const controllers = ANSWERING.includes(service) ? [revisionController(service)] : [];
    return { module: ResourcesModule, global: true, controllers, providers, exports: [Resources, Secrets] };
  }

  onApplicationBootstrap(): void {
    this.watcher.start();
    this.keeper.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.watcher.stop();
    this.live.stop();
    await this.keeper.stop();
  }
}
