import { Inject, Injectable, Logger, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common';
import { sleep } from '@stellwerk/service-kit';
import { ReleaseHeld } from '../holds/release-held.js';
import { Outbox } from '../outbox/outbox.module.js';
import { ROUTER_CONFIG, type RouterConfig } from '../router.config.js';
import { TakeCensus } from '../runs/take-census.js';
import { FireTimers } from './fire-timers.js';

/** What happens because time goes by, not because a message came. */
@Injectable()
export class Sweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('sweep');
  readonly #stop = new AbortController();
  #loop?: Promise<void>;

  constructor(
    private readonly timers: FireTimers,
    private readonly held: ReleaseHeld,
    private readonly outbox: Outbox,
    private readonly census: TakeCensus,
    @Inject(ROUTER_CONFIG) private readonly config: RouterConfig,
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
      await this.#once();
      await sleep(this.config.sweepMs, this.#stop.signal).catch(() => undefined);
    }
  }

  /** A store that is away comes back: the next sweep finds everything still there. */
  async #once(): Promise<void> {
    try {
      const fired = await this.timers.run();
      const released = await this.held.overdue();
      if (fired || released) await this.outbox.flush();
      await this.census.run();
    } catch (error) {
      this.#log.warn({ err: error }, 'sweep.failed');
    }
  }
}
