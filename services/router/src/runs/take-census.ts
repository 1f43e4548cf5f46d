import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { RouterMetrics } from '../router.metrics.js';
import { CensusRepository } from './census.repository.js';

const EVERY_MS = 10_000;

/** Sets the gauges of what is going on; each replica tells the same. */
@Injectable()
export class TakeCensus {
  #next = 0;

  constructor(
    private readonly database: Database,
    private readonly census: CensusRepository,
    private readonly metrics: RouterMetrics,
  ) {}

  /** Does nothing when the last one is not long ago. */
  async run(now: number = Date.now()): Promise<void> {
    if (now < this.#next) return;
    this.#next = now + EVERY_MS;
    const { liveRuns, unsettledCommands, oldestCommand } = this.metrics;
    const [runs, commands] = await Promise.all([this.census.liveRuns(this.database), this.census.unsettledCommands(this.database)]);
    for (const gauge of [liveRuns, unsettledCommands, oldestCommand]) gauge.reset();
    for (const { state, count } of runs) liveRuns.set({ state }, count);
    for (const { state, count, oldestSeconds } of commands) {
      unsettledCommands.set({ state }, count);
      oldestCommand.set({ state }, oldestSeconds);
    }
  }
}
