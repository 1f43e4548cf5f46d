import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { FINAL_RUN_STATES, RUN_STATES } from '@stellwerk/contracts';
import { messageOf, Metrics } from '@stellwerk/service-kit';
import { RunReadsRepository } from './run-reads.repository.js';

const EVERY_MS = 10_000;

/** Runs that have not ended, by state; how many ended is counted where they are told. */
@Injectable()
export class OpenRunsGauge implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(OpenRunsGauge.name);
  private readonly gauge;
  private timer: NodeJS.Timeout | undefined;

  constructor(metrics: Metrics, private readonly runs: RunReadsRepository) {
    this.gauge = metrics.gauge('stellwerk_status_open_runs', 'Runs that have not ended, by state', ['state']);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.measure(), EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  async measure(): Promise<void> {
    try {
      const counts = new Map((await this.runs.countOpen()).map(({ state, runs }) => [state, runs]));
      for (const state of RUN_STATES) if (!FINAL_RUN_STATES.includes(state)) this.gauge.set({ state }, counts.get(state) ?? 0);
    } catch (error) {
      this.log.warn({ reason: messageOf(error) }, 'open-runs.not-counted');
    }
  }
}
