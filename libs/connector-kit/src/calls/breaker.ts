import CircuitBreaker from 'opossum';
import type { HttpResponse } from '@stellwerk/http';
import { Held } from './call.errors.js';

const BUCKETS = 12;
const VOLUME = 5;
const ERROR_PERCENT = 50;
const RESET_MS = 20_000;
/** With a window shorter than six timeouts a hung target never opens the breaker. */
const WINDOW_IN_TIMEOUTS = 6;
/** The call's own limit ends it first and knows whether it was sent; this one only backs it up. */
const BACKSTOP_MS = 1_000;
/** An open breaker, or one that lets its one trial through, is asked again so soon at the earliest. */
const MIN_WAIT_MS = 1_000;

export type BreakerState = 'closed' | 'open' | 'half-open';

/** The platform is not well: counted by the breaker, then handed on as what it was. */
class TargetFailure extends Error {
  constructor(readonly outcome: { response: HttpResponse } | { error: unknown }) {
    super('target failure');
  }
}

export interface BreakerOptions {
  name: string;
  timeoutMs: number;
  /** True for a thrown error that says nothing about the target's health. */
  innocent(error: unknown): boolean;
  onChange(): void;
}

/** A circuit breaker around calls of one kind to one connection. A 5xx answer counts as failure and is still returned. */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #circuit: CircuitBreaker<[() => Promise<HttpResponse>], HttpResponse>;
  #openedAt = 0;
  #resetMs = RESET_MS;

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#resetMs = RESET_MS + Math.random() * RESET_MS * 0.25;
    this.#circuit = new CircuitBreaker((call) => this.#attempt(call), {
      name: options.name,
      timeout: options.timeoutMs + BACKSTOP_MS,
      rollingCountTimeout: options.timeoutMs * WINDOW_IN_TIMEOUTS,
      rollingCountBuckets: BUCKETS,
      volumeThreshold: VOLUME,
      errorThresholdPercentage: ERROR_PERCENT,
      resetTimeout: this.#resetMs,
      errorFilter: (error: unknown) => !(error instanceof TargetFailure) && options.innocent(error),
    });
    this.#circuit.on('open', () => {
      this.#openedAt = Date.now();
      options.onChange();
    });
    this.#circuit.on('halfOpen', () => options.onChange());
    this.#circuit.on('close', () => options.onChange());
  }

  get state(): BreakerState {
    if (this.#circuit.opened) return 'open';
    return this.#circuit.halfOpen ? 'half-open' : 'closed';
  }

  /** An open one lets its trial through after so long, in ms. */
  get opensInMs(): number {
    return Math.max(MIN_WAIT_MS, this.#openedAt + this.#resetMs - Date.now());
  }

  /** Throws when a call would not be let through now. @throws Held */
  check(): void {
    if (this.#circuit.opened || (this.#circuit.halfOpen && !this.#circuit.pendingClose)) throw this.#held();
  }

  /** @throws Held when the breaker is open, else whatever the call throws */
  async run(call: () => Promise<HttpResponse>): Promise<HttpResponse> {
    const trial = this.#circuit.halfOpen;
    try {
      const response = await this.#circuit.fire(call);
      // 429, 401 and 403 are handled outside; as answers to the one trial they are no proof of health and must not close it.
      if (trial && [401, 403, 429].includes(response.status)) this.#circuit.open();
      return response;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EOPENBREAKER') throw this.#held();
      if (!(error instanceof TargetFailure)) throw error;
      if ('response' in error.outcome) return error.outcome.response;
      throw error.outcome.error;
    }
  }

  shutdown(): void {
    this.#circuit.shutdown();
  }

  async #attempt(call: () => Promise<HttpResponse>): Promise<HttpResponse> {
    let response: HttpResponse;
    try {
      response = await call();
    } catch (error) {
      throw this.#options.innocent(error) ? error : new TargetFailure({ error });
    }
    if (response.status >= 500) throw new TargetFailure({ response });
    return response;
  }

  #held(): Held {
    return new Held('breaker', `circuit breaker ${this.#options.name} is open`, new Date(Date.now() + this.opensInMs));
  }
}
