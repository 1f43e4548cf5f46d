import { Inject, Injectable, Logger, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common';
import { messageOf, sleep } from '@stellwerk/service-kit';
import { StrikeClocks } from '../clocks/strike-clocks.js';
import { ReleaseHeld } from '../holds/release-held.js';
import { CloseDue } from '../joins/close-due.js';
import { ROUTER_CONFIG, type RouterConfig } from '../router.config.js';
import { SweepSlots } from '../slots/sweep-slots.js';
import { StrikeDue } from './strike-due.js';
import { CloseGaps } from '../waits/close-gaps.js';
import { Upkeep } from './upkeep.js';

const LONGEST_PAUSE_MS = 5_000;

/** What happens because time goes by, not because a message came. */
@Injectable()
export class Sweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('sweep');
  readonly #stop = new AbortController();
  #loop?: Promise<void>;

  constructor(
    private readonly timers: StrikeDue,
    private readonly held: ReleaseHeld,
    private readonly clocks: StrikeClocks,
    private readonly joins: CloseDue,
    private readonly slots: SweepSlots,
    private readonly gaps: CloseGaps,
    private readonly upkeep: Upkeep,
    @Inject(ROUTER_CONFIG) private readonly config: RouterConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop = this.#run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  /** A store that is away comes back: then everything is still there. Until then it is asked less often. */
  async #run(): Promise<void> {
    let pauseMs = this.config.sweepMs;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#once();
        pauseMs = this.config.sweepMs;
      } catch (error) {
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
        this.#log.warn({ reason: messageOf(error), pauseMs }, 'sweep.failed');
      }
      await sleep(pauseMs, this.#stop.signal);
    }
  }

  async #once(): Promise<void> {
    await this.timers.run();
    await this.held.sweep();
    await this.clocks.run();
    await this.joins.run();
    await this.slots.run();
    await this.gaps.sweep();
    await this.upkeep.run();
  }
}
