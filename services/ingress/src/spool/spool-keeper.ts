import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { STREAMS } from '@stellwerk/contracts';
import { RetryableError } from '@stellwerk/service-kit';
import { IngressMetrics } from '../ingress.metrics.js';
import { BodiesRepository } from './bodies.repository.js';
import { DrainSpool } from './drain-spool.js';
import { SpoolRepository } from './spool.repository.js';

const DRAIN_EVERY_MS = 1_000;
const CLEAN_EVERY_MS = 3_600_000;
/** A body is of use as long as its hook is in the stream, or in a dead letter that may be replayed. */
const KEEP_DAYS = STREAMS.deadLetters.maxAgeDays + 1;
const CLEAN_BATCH = 100;

/** Looks after the spool from start to stop: drains it, measures it, drops bodies nobody can ask for any more. */
@Injectable()
export class SpoolKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('spool');
  readonly #timers: NodeJS.Timeout[] = [];
  #draining: Promise<void> | undefined;

  constructor(
    private readonly repository: SpoolRepository,
    private readonly drain: DrainSpool,
    private readonly bodies: BodiesRepository,
    private readonly metrics: IngressMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.#timers.push(
      setInterval(() => this.#tick(), DRAIN_EVERY_MS),
      setInterval(() => void this.#quietly(() => this.#clean()), CLEAN_EVERY_MS),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#timers.forEach((timer) => clearInterval(timer));
    await this.#draining;
  }

  /** Never two at once: the next tick comes soon. */
  #tick(): void {
    this.#draining ??= this.#quietly(() => this.#look()).finally(() => {
      this.#draining = undefined;
    });
  }

  async #look(): Promise<void> {
    const { rows } = await this.#measure();
    if (rows === 0) return;
    const drained = await this.drain.run();
    if (drained > 0) this.#log.log({ drained }, 'spool.drained');
    await this.#measure();
  }

  async #measure(): Promise<{ rows: number }> {
    const state = await this.repository.state();
    this.metrics.spoolRows.set(state.rows);
    this.metrics.spoolAge.set(state.ageSeconds);
    return state;
  }

  async #clean(): Promise<void> {
    while ((await this.bodies.dropOlderThan(KEEP_DAYS, CLEAN_BATCH)) === CLEAN_BATCH);
  }

  /** Stores that are away are told of by readiness and metrics; the next tick tries again. */
  async #quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const log = error instanceof RetryableError ? 'debug' : 'error';
      this.#log[log]({ reason: error instanceof Error ? error.message : String(error) }, 'spool.not-drained');
    }
  }
}
