import { Injectable, Logger } from '@nestjs/common';
import { Database, forgetOld } from '@stellwerk/database';
import { PlatformRunsRepository } from '../runs/platform-runs.repository.js';

const EVERY_MS = 60 * 60_000;
const BATCH = 5_000;

/** As long as the keys of messages are kept. */
const DAYS = 90;

/** Deletes what nothing can come back to any more: keys of messages, states of runs of platforms. */
@Injectable()
export class ForgetOld {
  readonly #log = new Logger('upkeep');
  #next = 0;

  constructor(
    private readonly database: Database,
    private readonly platformRuns: PlatformRunsRepository,
  ) {}

  /** One batch of each; the rest follows with the next sweeps. Does nothing when all was deleted not long ago. */
  async run(now: number = Date.now()): Promise<void> {
    if (now < this.#next) return;
    const keys = await forgetOld(this.database, { days: DAYS, batch: BATCH });
    const platformRuns = await this.platformRuns.forgetOld(this.database, DAYS, BATCH);
    if (keys < BATCH && platformRuns < BATCH) this.#next = now + EVERY_MS;
    if (keys + platformRuns > 0) this.#log.log({ keys, platformRuns }, 'upkeep.forgotten');
  }
}
