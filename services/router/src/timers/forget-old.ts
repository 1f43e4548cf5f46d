import { Injectable, Logger } from '@nestjs/common';
import { Database, forgetOld } from '@stellwerk/database';
import { ClocksRepository } from '../clocks/clocks.repository.js';
import { JoinsRepository } from '../joins/joins.repository.js';
import { PlatformRunsRepository } from '../runs/platform-runs.repository.js';
import { ForgetRuns } from './forget-runs.js';

const EVERY_MS = 60 * 60_000;
const BATCH = 5_000;

/** As long as the keys of messages are kept. */
const DAYS = 90;

/** A flow that was taken out may come back; what it listened to meanwhile counts. */
const UNWANTED_DAYS = 7;

/** Deletes what nothing can come back to any more: keys of messages, states of runs of platforms, joins, clocks, runs. */
@Injectable()
export class ForgetOld {
  readonly #log = new Logger('upkeep');
  #next = 0;

  constructor(
    private readonly database: Database,
    private readonly platformRuns: PlatformRunsRepository,
    private readonly joins: JoinsRepository,
    private readonly clocks: ClocksRepository,
    private readonly runs: ForgetRuns,
  ) {}

  /** One batch of each; the rest follows with the next sweeps. Does nothing when all was deleted not long ago. */
  async run(now: number = Date.now()): Promise<void> {
    if (now < this.#next) return;
    const keys = await forgetOld(this.database, { days: DAYS, batch: BATCH });
    const platformRuns = await this.platformRuns.forgetOld(this.database, DAYS, BATCH);
    const joins = await this.joins.forgetOld(this.database, DAYS, BATCH);
    const clocks = await this.clocks.forgetUnwanted(this.database, UNWANTED_DAYS, BATCH);
    const { runs, templates, more } = await this.runs.run();
    const all = [keys, platformRuns, joins, clocks];
    if (!more && all.every((count) => count < BATCH)) this.#next = now + EVERY_MS;
    if ([...all, runs, templates].some((count) => count > 0)) this.#log.log({ keys, platformRuns, joins, clocks, runs, templates }, 'upkeep.forgotten');
  }
}
