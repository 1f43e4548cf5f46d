import { Inject, Injectable } from '@nestjs/common';
import { Metrics, SERVICE_NAME, metricPrefix } from '@stellwerk/service-kit';
import type { BreakerState } from '../calls/breaker.js';
import type { CallMetrics } from '../calls/shared-calls.js';
import type { Recorded } from '../dispatch/record-outcome.js';
import type { DispatchCount } from '../dispatch/dispatch-upkeep.repository.js';
import type { ConnectionHealth } from './connection-health.js';

const BREAKER: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };
const STATES = ['PENDING', 'DISPATCHING', 'TRIGGERED'] as const;

/** What is watched of dispatching; ids are never labels. */
@Injectable()
export class ConnectorMetrics implements CallMetrics {
  readonly #steps;
  readonly #open;
  readonly #oldest;
  readonly #breaker;
  readonly #paused;
  readonly #limited;
  readonly #limitedSeconds;
  readonly #callSeconds;
  readonly #takenOver;
  readonly #fenced;
  readonly #duplicates;
  readonly #sweeps;

  constructor(@Inject(SERVICE_NAME) service: string, metrics: Metrics) {
    const name = (rest: string): string => `${metricPrefix(service)}_${rest}`;
    this.#steps = metrics.counter(name('dispatch_steps_total'), 'Steps of dispatches by state reached; fenced: the lease was lost', ['state']);
    this.#open = metrics.gauge(name('open_dispatches'), 'Dispatches that are not settled', ['state']);
    this.#oldest = metrics.gauge(name('oldest_dispatch_seconds'), 'Age of the oldest dispatch that is not settled', ['state']);
    this.#breaker = metrics.gauge(name('breaker_state'), '0 closed, 1 half open, 2 open', ['connection', 'calls']);
    this.#paused = metrics.gauge(name('connection_paused'), '1 while the platform refuses the credentials', ['connection']);
    this.#limited = metrics.gauge(name('rate_limit_until_seconds'), 'Unix time before which no call is made; 0 without a limit', ['connection']);
    this.#limitedSeconds = metrics.counter(name('rate_limited_seconds_total'), 'Seconds for which the platform asked not to be called (429)', ['connection']);
    this.#callSeconds = metrics.histogram(name('call_seconds'), 'Time of a call to the platform, answered or not', ['connection', 'calls']);
    this.#takenOver = metrics.counter(name('lease_takeovers_total'), 'Dispatches whose owner died or stood still while it was sending');
    this.#fenced = metrics.counter(name('fence_rejections_total'), 'What the owner of a lost lease could not do any more: write an outcome, or send', ['what']);
    this.#duplicates = metrics.counter(name('duplicate_triggers_total'), 'Commands whose id the platform shows on more than one run; must be 0', ['connection']);
    this.#sweeps = metrics.counter(name('sweeps_total'), 'Turns of sweeps, which bring back what we were not told', ['connection', 'result']);
  }

  step(recorded: Recorded, state: string): void {
    this.#steps.inc({ state: recorded === 'written' ? state : recorded });
    if (recorded === 'fenced') this.fenced('outcome');
  }

  /** `outcome`: not written, `withheld`: not sent. */
  fenced(what: 'outcome' | 'withheld'): void {
    this.#fenced.inc({ what });
  }

  takenOver(): void {
    this.#takenOver.inc();
  }

  duplicate(connection: string): void {
    this.#duplicates.inc({ connection });
  }

  swept(connection: string, result: 'done' | 'failed'): void {
    this.#sweeps.inc({ connection, result });
  }

  took(connection: string, calls: 'triggers' | 'reads', seconds: number): void {
    this.#callSeconds.observe({ connection, calls }, seconds);
  }

  limited(connection: string, seconds: number): void {
    this.#limitedSeconds.inc({ connection }, seconds);
  }

  /** `unknown`: also those that are not looked for any more. */
  dispatches(counts: readonly DispatchCount[], unknown: Omit<DispatchCount, 'state'>): void {
    this.#open.set({ state: 'UNKNOWN' }, unknown.count);
    this.#oldest.set({ state: 'UNKNOWN' }, unknown.oldestSeconds);
    for (const state of STATES) {
      const found = counts.find((one) => one.state === state);
      this.#open.set({ state }, found?.count ?? 0);
      this.#oldest.set({ state }, found?.oldestSeconds ?? 0);
    }
  }

  connection({ connection, breaker, paused, notBefore }: ConnectionHealth): void {
    this.#breaker.set({ connection, calls: 'triggers' }, BREAKER[breaker.triggers]);
    this.#breaker.set({ connection, calls: 'reads' }, BREAKER[breaker.reads]);
    this.#paused.set({ connection }, paused ? 1 : 0);
    this.#limited.set({ connection }, notBefore ? Date.parse(notBefore) / 1_000 : 0);
  }
}
