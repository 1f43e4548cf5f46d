import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DispatchUpkeepRepository } from './dispatch/dispatch-upkeep.repository.js';
import { ConnectorMetrics } from './health/connector.metrics.js';
import { Loop } from './loop.js';
import { TIMING_TOKEN, type Timing } from './timing.js';
import { WatchRepository } from './tracking/watch.repository.js';

const EVERY_MS = 15_000;
/** Command ids have to stay unique so long. */
const KEPT_DAYS = 90;
const FORGET_BATCH = 1_000;

/** Counts what is open, forgets what is long settled. */
@Injectable()
export class Upkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #loop = new Loop('upkeep.failed', () => this.#round());

  constructor(
    private readonly dispatches: DispatchUpkeepRepository,
    private readonly watches: WatchRepository,
    private readonly metrics: ConnectorMetrics,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#loop.stop();
  }

  async #round(): Promise<number> {
    this.metrics.dispatches(await this.dispatches.countOpen(), await this.dispatches.countUnknown());
    await this.watches.abandon(this.timing.follow.endAfterMs);
    await this.watches.forget(KEPT_DAYS, FORGET_BATCH);
    await this.dispatches.forget(KEPT_DAYS, FORGET_BATCH);
    return EVERY_MS;
  }
}
