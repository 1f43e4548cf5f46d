import type { HttpResponse } from '@stellwerk/http';
import type { Connection } from '../connection.js';
import { describe, limitIn, waitUntil } from './answers.js';
import type { Breaker } from './breaker.js';
import { CredentialsRefused, Held, OutcomeUnknown, ReadFailed } from './call.errors.js';
import { Exchange } from './exchange.js';
import type { Gates } from './gates.js';
import { UNGUARDED, type PlatformRequest, type SendGuard } from './platform-request.js';
import { quotaOf, type Quota } from './quota.js';
import type { Release } from './semaphore.js';
import { sharedOf, type ConnectionCallsOptions, type Credentials, type Shared } from './shared-calls.js';
import { isCallError } from './thrown-by.js';

/** Every call to one connection goes through here: gates, breaker, semaphore, then HTTP. Answers are returned, trouble is thrown by kind. */
export class ConnectionCalls {
  readonly connection: Connection;
  private readonly shared: Shared;
  private readonly exchange: Exchange;

  constructor(private readonly options: ConnectionCallsOptions) {
    this.connection = options.connection;
    this.shared = sharedOf(options);
    this.exchange = new Exchange(options, this.shared);
  }

  get gates(): Gates {
    return this.shared.gates;
  }

  get triggers(): Breaker {
    return this.shared.triggers;
  }

  get reads(): Breaker {
    return this.shared.reads;
  }

  get quota(): Quota | undefined {
    return this.shared.quota;
  }

  /** Dispatches that may still begin. */
  get free(): number {
    return this.shared.sends.free;
  }

  /** Room for one more dispatch on its way out; undefined when there is none in time. Its calls take their slots one by one. */
  reserve(of: { waitMs: number; most: number }): Promise<Release | undefined> {
    return this.shared.sends.reserve(of);
  }

  /**
   * A call that changes something, unless its guard stops it.
   * @returns any answer but 429, 5xx and refused credentials
   * @throws Held, NotSent, NotReady, NeverSent, Fenced: nothing was done · OutcomeUnknown: something may have been done
   */
  async write(request: PlatformRequest, guard: SendGuard): Promise<HttpResponse> {
    return this.#call('triggers', request, guard);
  }

  /**
   * A call that keeps what is ours at the platform in order (a webhook, a delivery asked for again): nothing of a flow starts by it, and
   * twice does no harm. It shares the breaker of the reads, so that its troubles hold no trigger back. Answers and throws as `write`.
   */
  async maintain(request: PlatformRequest): Promise<HttpResponse> {
    return this.#call('reads', request, UNGUARDED);
  }

  /** A call that changes nothing. @returns any answer but 429, 5xx and refused credentials @throws ReadFailed, NotReady */
  async read(path: string, headers: Record<string, string> = {}): Promise<HttpResponse> {
    return this.#read({ method: 'GET', path, headers });
  }

  /** A read that a platform wants as a POST: a search by a filter. @throws ReadFailed, NotReady */
  async search(path: string, json: unknown): Promise<HttpResponse> {
    return this.#read({ method: 'POST', path, json });
  }

  shutdown(): void {
    this.triggers.shutdown();
    this.reads.shutdown();
  }

  async #read(request: PlatformRequest): Promise<HttpResponse> {
    return this.#call('reads', request, UNGUARDED).catch((error: unknown) => {
      throw isCallError(error) ? new ReadFailed(error) : error;
    });
  }

  async #call(kind: 'triggers' | 'reads', request: PlatformRequest, guard: SendGuard): Promise<HttpResponse> {
    return this.shared.semaphore.run(async () => {
      const credentials = request.anonymous ? {} : await this.#credentials();
      this.gates.check(credentials);
      this[kind].check();
      await guard.beforeSend();
      const response = await this.exchange.whenKnown(kind, request, { credentials, maySend: () => guard.maySend() });
      return this.#judge(response, request, credentials);
    });
  }

  /** @throws Held when the platform does not take what they are made of */
  async #credentials(): Promise<Credentials> {
    try {
      return await this.options.credentials();
    } catch (error) {
      if (error instanceof CredentialsRefused) throw this.#pause(error.message, {}, error.until);
      throw error;
    }
  }

  async #judge(response: HttpResponse, request: PlatformRequest, credentials: Credentials): Promise<HttpResponse> {
    this.shared.quota = quotaOf(response.headers) ?? this.shared.quota;
    this.#throwLimited(response);
    if (response.status >= 500) throw new OutcomeUnknown(describe(response), { until: waitUntil(response, new Date()) });
    if (request.anonymous) return response;
    const refused = response.status === 401 || (response.status === 403 && request.method !== 'GET');
    if (refused && (await this.#areRefused(credentials, response, request))) {
      this.options.onRefused?.();
      throw this.#pause(describe(response), credentials);
    }
    if (response.status < 400) this.gates.passed();
    if (response.status < 400 && this.gates.paused) {
      this.gates.resume();
      this.options.onChange();
    }
    return response;
  }

  /** @throws Held */
  #throwLimited(response: HttpResponse): void {
    const limit = limitIn(response, new Date());
    if (!limit) return;
    const until = this.gates.limit(limit.waitMs);
    this.options.metrics?.limited(this.connection.name, (until.getTime() - Date.now()) / 1_000);
    this.options.onChange();
    throw new Held('rate-limit', `rate limited until ${until.toISOString()}`, until);
  }

  #pause(words: string, credentials: Credentials, known?: Date): Held {
    const reason = `the platform does not take the credentials of connection ${this.connection.name} (${words})`;
    const until = this.gates.pause(reason, credentials, known);
    this.options.onChange();
    return new Held('paused', reason, until);
  }

  /**
   * A 401 or 403 may mean this one object, or the credentials altogether: a cheap read tells. When that brings no answer, a 401 is taken
   * for what it mostly is, and a 403 for the object's. @throws Held
   */
  async #areRefused(credentials: Credentials, { status }: HttpResponse, { path }: PlatformRequest): Promise<boolean> {
    const { probePath } = this.options;
    if (probePath === undefined || path === probePath) return probePath !== undefined;
    const probe = await this.exchange.once('reads', { method: 'GET', path: probePath }, { credentials }).catch((error: unknown) => {
      if (isCallError(error)) return undefined;
      throw error;
    });
    if (probe) this.#throwLimited(probe);
    return probe === undefined || probe.status >= 500 ? status === 401 : probe.status === 401 || probe.status === 403;
  }
}
