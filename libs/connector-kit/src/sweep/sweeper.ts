import { Inject, Injectable, Logger, Optional, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { messageOf } from '@stellwerk/service-kit';
import { Held, ReadFailed } from '../calls/call.errors.js';
import type { ConnectionCalls } from '../calls/connection-calls.js';
import { ConnectionPool } from '../calls/connection-pool.js';
import { burstGapMs } from '../calls/quota.js';
import { ConnectorMetrics } from '../health/connector.metrics.js';
import { Loop } from '../loop.js';
import { Pace } from './pace.js';
import { SWEEP, type PlatformSweep, type SweepEnd } from './platform-sweep.js';
import { SweepTaken } from './sweep.errors.js';
import { SweepRepository, type ClaimedSweep, type SweepNote, type SweepSource } from './sweep.repository.js';

const ROUND_MS = 1_000;
const AT_ONCE = 10;
const TURN_MS = 20_000;
/** A call may wait for its slot, and take its time, after the turn's time is over. */
const LEASE_MS = 90_000;
const FAILED_MS = 30_000;
const KEPT_DAYS = 7;
const FORGET_EVERY_MS = 3_600_000;

/** Gives each source of the connector's sweep its turns: one replica at a time, in its share of the quota, going on where the last one stopped. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('sweep');
  readonly #loop = new Loop('sweep.round-failed', () => this.#round());
  readonly #turns = new Set<Promise<void>>();
  readonly #paces = new WeakMap<ConnectionCalls, Pace>();
  #forgottenAt = -Infinity;

  constructor(
    private readonly repository: SweepRepository,
    private readonly pool: ConnectionPool,
    private readonly metrics: ConnectorMetrics,
    @Optional() @Inject(SWEEP) private readonly sweep?: PlatformSweep,
  ) {}

  onApplicationBootstrap(): void {
    if (this.sweep) this.#loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (!this.sweep) return;
    await this.#loop.stop();
    await Promise.all(this.#turns);
  }

  /** What sweeps have to say of connections. */
  async notes(): Promise<SweepNote[]> {
    return this.sweep ? this.repository.notes(this.#sources()) : [];
  }

  /** The pace of all calls that look after a connection. */
  paceOf(calls: ConnectionCalls): Pace {
    const pace = this.#paces.get(calls) ?? new Pace(burstGapMs(() => calls.quota));
    this.#paces.set(calls, pace);
    return pace;
  }

  async #round(): Promise<number> {
    if (performance.now() - this.#forgottenAt > FORGET_EVERY_MS) {
      await this.repository.forget(KEPT_DAYS);
      this.#forgottenAt = performance.now();
    }
    const room = AT_ONCE - this.#turns.size;
    const sources = this.#sources();
    const claimed = room > 0 && sources.length > 0 ? await this.repository.claim(sources, LEASE_MS, room) : [];
    for (const one of claimed) this.#begin(one);
    return ROUND_MS;
  }

  #sources(): SweepSource[] {
    return this.pool.connections().flatMap((connection) => this.sweep!.sources(connection).map((source) => ({ connection: connection.name, source })));
  }

  #begin(claimed: ClaimedSweep): void {
    const turn = this.#turn(claimed).catch((error: unknown) => this.#log.error({ ...claimed, cursor: undefined, reason: messageOf(error) }, 'sweep.not-released'));
    this.#turns.add(turn);
    void turn.finally(() => {
      this.#turns.delete(turn);
      this.#loop.soon();
    });
  }

  async #turn(claimed: ClaimedSweep): Promise<void> {
    const { connection, source } = claimed;
    const calls = this.pool.of(connection);
    if (!calls) return this.repository.release(claimed, { nextMs: FAILED_MS, swept: false });
    try {
      const end = await this.#sweep(calls, claimed);
      await this.repository.release(claimed, { ...end, swept: true });
      this.metrics.swept(connection, 'done');
    } catch (error) {
      if (error instanceof SweepTaken) return this.#log.warn({ connection, source }, 'sweep.taken-over');
      this.metrics.swept(connection, 'failed');
      this.#log.warn({ connection, source, reason: messageOf(error) }, 'sweep.failed');
      await this.repository.release(claimed, { nextMs: waitAfter(error), swept: false });
    }
  }

  #sweep(calls: ConnectionCalls, { connection: _connection, source, cursor }: ClaimedSweep): Promise<SweepEnd<Record<string, unknown>>> {
    const end = Date.now() + TURN_MS;
    const loop = this.#loop;
    return this.sweep!.turn({
      connection: calls.connection, calls, source, cursor, pace: this.paceOf(calls),
      get until() {
        return loop.stopped ? 0 : end;
      },
      keep: (kept) => this.repository.keep({ connection: calls.connection.name, source }, kept, LEASE_MS),
    });
  }
}

/** Held calls say when they may be made. */
const waitAfter = (error: unknown): number => {
  const until = error instanceof Held || error instanceof ReadFailed ? error.until : undefined;
  return until ? Math.max(0, until.getTime() - Date.now()) : FAILED_MS;
};
