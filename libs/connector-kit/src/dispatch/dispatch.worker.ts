import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { messageOf, sleep } from '@stellwerk/service-kit';
import { ConnectionPool } from '../calls/connection-pool.js';
import { TIMING_TOKEN, type Timing } from '../timing.js';
import { DispatchAdvancer } from './advance-dispatch.js';
import { DispatchRepository, type DueDispatch } from './dispatch.repository.js';

/** Dispatches one replica moves at a time from its sweep; the platform's own limit is the connection's semaphore. */
const PARALLEL = 32;

/** Takes up what is due from the connector's own table: parked, unknown, queued, or left behind by a process that died. */
@Injectable()
export class DispatchWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger(DispatchWorker.name);
  readonly #stop = new AbortController();
  readonly #busy = new Map<string, Promise<void>>();
  #loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly dispatches: DispatchRepository,
    private readonly advancer: DispatchAdvancer,
    private readonly resources: Resources,
    private readonly pool: ConnectionPool,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  onApplicationBootstrap(): void {
    this.resources.onChange(() => void this.#wakeAll());
    this.#loop = this.#run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    await Promise.all(this.#busy.values());
  }

  /** Moves a dispatch on, and after it those that waited for its lane. @throws whatever our own stores throw */
  async work(due: DueDispatch): Promise<void> {
    let next: DueDispatch | undefined = due;
    while (next && !this.#stop.signal.aborted) {
      const step = await this.advancer.advance(next);
      next = step?.lane === undefined ? undefined : await this.dispatches.wakeLane(step.lane);
    }
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#sweep().catch((error: unknown) => this.#log.warn({ err: error, reason: messageOf(error) }, 'sweep.failed'));
      await sleep(this.timing.sweepMs, this.#stop.signal);
    }
  }

  async #sweep(): Promise<void> {
    const free = PARALLEL - this.#busy.size;
    const due = free > 0 ? await this.dispatches.due(free) : [];
    for (const one of due) if (!this.#busy.has(one.commandId)) this.#take(one);
  }

  #take(due: DueDispatch): void {
    const work = this.work(due)
      .catch((error: unknown) => this.#log.warn({ err: error, command: due.commandId, reason: messageOf(error) }, 'dispatch.failed'))
      .finally(() => this.#busy.delete(due.commandId));
    this.#busy.set(due.commandId, work);
  }

  /** New settings may hold the secret or address that was wrong. */
  async #wakeAll(): Promise<void> {
    for (const { name } of this.pool.connections()) {
      await this.dispatches.wakeConnection(name).catch((error: unknown) => this.#log.warn({ reason: messageOf(error) }, 'wake.failed'));
    }
  }
}
