import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { messageOf, sleep } from '@stellwerk/service-kit';
import { DispatchUpkeepRepository } from './dispatch/dispatch-upkeep.repository.js';
import { ConnectorMetrics } from './health/connector.metrics.js';
import { TIMING_TOKEN, type Timing } from './timing.js';
import { WatchRepository } from './tracking/watch.repository.js';

const EVERY_MS = 15_000;
/** Command ids have to stay unique so long. */
const KEPT_DAYS = 90;
const FORGET_BATCH = 1_000;

/** Counts what is open, forgets what is long settled. */
@Injectable()
export class Upkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger(Upkeep.name);
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly dispatches: DispatchUpkeepRepository,
    private readonly watches: WatchRepository,
    private readonly metrics: ConnectorMetrics,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop = this.#run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#round().catch((error: unknown) => this.#log.warn({ reason: messageOf(error) }, 'upkeep.failed'));
      await sleep(EVERY_MS, this.#stop.signal);
    }
  }

  async #round(): Promise<void> {
    this.metrics.dispatches(await this.dispatches.countOpen());
    await this.watches.abandon(this.timing.follow.endAfterMs);
    await this.watches.forget(KEPT_DAYS, FORGET_BATCH);
    await this.dispatches.forget(KEPT_DAYS, FORGET_BATCH);
  }
}
