import { HttpFailure, type HttpClient, type HttpRequest, type HttpResponse } from '@stellwerk/http';
import type { Connection } from '../connection.js';
import { describe, limitedForMs } from './answers.js';
import { Breaker } from './breaker.js';
import { Held, NeverSent, NotSent, OutcomeUnknown, ReadFailed } from './call.errors.js';
import { Gates } from './gates.js';
import { quotaOf, type Quota } from './quota.js';
import { Semaphore } from './semaphore.js';

export interface PlatformRequest {
  method: HttpRequest['method'];
  /** Begins with `/`, encoded; put behind the connection's url. An absolute URL must be of the connection's origin. */
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as a form. */
  form?: Record<string, string>;
  /** Without the connection's own credentials. */
  anonymous?: boolean;
}

export interface ConnectionCallsOptions {
  connection: Connection;
  http: HttpClient;
  /** Credentials as headers, resolved anew for each call, so that a changed secret is taken up. */
  credentials(): Record<string, string> | Promise<Record<string, string>>;
  /** A cheap read that any valid credentials may do; tells a refused object from refused credentials. */
  probePath: string;
  onChange(): void;
}

/** What our own rules forbid says nothing about the platform's health. */
const innocent = (error: unknown): boolean => error instanceof HttpFailure && error.kind === 'blocked';

const bodyOf = (request: PlatformRequest): { body?: string; headers: Record<string, string> } => {
  if (request.form) return { body: new URLSearchParams(request.form).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  if (request.json !== undefined) return { body: JSON.stringify(request.json), headers: { 'content-type': 'application/json' } };
  return { headers: {} };
};

/** Every call to one connection goes through here: gates, breaker, semaphore, then HTTP. Answers are returned, trouble is thrown by kind. */
export class ConnectionCalls {
  readonly connection: Connection;
  readonly gates = new Gates();
  readonly triggers: Breaker;
  readonly reads: Breaker;
  readonly #options: ConnectionCallsOptions;
  readonly #semaphore: Semaphore;
  #quota: Quota | undefined;

  constructor(options: ConnectionCallsOptions) {
    this.connection = options.connection;
    this.#options = options;
    const { name, limits } = options.connection;
    this.#semaphore = new Semaphore(limits.concurrency);
    const breaker = (kind: string) => new Breaker({ name: `${name}/${kind}`, timeoutMs: limits.timeoutMs, innocent, onChange: options.onChange });
    this.triggers = breaker('triggers');
    this.reads = breaker('reads');
  }

  get quota(): Quota | undefined {
    return this.#quota;
  }

  /**
   * A call that changes something. `beforeSend` runs right before the first byte and may still stop it.
   * @returns any answer but 429, 5xx and refused credentials
   * @throws Held, NotSent, NeverSent: nothing was done · OutcomeUnknown: something may have been done
   */
  async write(request: PlatformRequest, beforeSend: () => Promise<void>): Promise<HttpResponse> {
    const response = await this.#call(this.triggers, request, beforeSend);
    if (response.status === 403) await this.#tellRefusedCredentials(request);
    return response;
  }

  /** A call that changes nothing. @returns any answer but 429, 5xx and refused credentials @throws ReadFailed */
  async read(path: string, headers: Record<string, string> = {}): Promise<HttpResponse> {
    return this.#call(this.reads, { method: 'GET', path, headers }, async () => undefined).catch((error: unknown) => {
      throw isCallError(error) ? new ReadFailed(error) : error;
    });
  }

  shutdown(): void {
    this.triggers.shutdown();
    this.reads.shutdown();
  }

  async #call(breaker: Breaker, request: PlatformRequest, beforeSend: () => Promise<void>): Promise<HttpResponse> {
    return this.#semaphore.run(async () => {
      const credentials = request.anonymous ? {} : await this.#options.credentials();
      this.gates.check(credentials);
      breaker.check();
      await beforeSend();
      return this.#judge(await this.#send(breaker, request, credentials), request, credentials);
    });
  }

  async #send(breaker: Breaker, request: PlatformRequest, credentials: Record<string, string>): Promise<HttpResponse> {
    const { connection, http } = this.#options;
    const { body, headers } = bodyOf(request);
    const root = connection.url.replace(/\/+$/, '');
    const call: HttpRequest = {
      method: request.method, url: `${root}${request.path}`, body, timeoutMs: connection.limits.timeoutMs, allow: connection.network.allow,
      headers: { accept: 'application/json', ...headers, ...credentials, ...request.headers },
    };
    try {
      return await breaker.run(() => http.request(call));
    } catch (error) {
      throw thrownBy(error);
    }
  }

  #judge(response: HttpResponse, request: PlatformRequest, credentials: Record<string, string>): HttpResponse {
    this.#quota = quotaOf(response.headers) ?? this.#quota;
    const limited = limitedForMs(response, new Date());
    if (limited !== undefined) {
      const until = new Date(Date.now() + limited);
      this.gates.limit(until);
      this.#options.onChange();
      throw new Held('rate-limit', `rate limited until ${until.toISOString()}`, until);
    }
    if (response.status >= 500) throw new OutcomeUnknown(describe(response));
    if (request.anonymous) return response;
    if (response.status === 401) throw this.#pause(response, credentials);
    if (response.status < 400 && this.gates.paused) {
      this.gates.resume();
      this.#options.onChange();
    }
    return response;
  }

  #pause(response: HttpResponse, credentials: Record<string, string>): Held {
    const reason = `the platform does not take the credentials of connection ${this.connection.name} (${describe(response)})`;
    const until = this.gates.pause(reason, credentials);
    this.#options.onChange();
    return new Held('paused', reason, until);
  }

  /** A 403 may mean this one object or the credentials altogether; only the latter pauses the connection. @throws Held */
  async #tellRefusedCredentials(request: PlatformRequest): Promise<void> {
    if (request.anonymous) return;
    const probe = await this.read(this.#options.probePath).catch((error: unknown) => {
      if (error instanceof ReadFailed && error.cause instanceof Held) throw error.cause;
      return undefined; // What the probe cannot tell stays what the platform said first: this object is refused.
    });
    if (probe?.status === 403) throw this.#pause(probe, await this.#options.credentials());
  }
}

const isCallError = (error: unknown): error is Error =>
  [Held, NotSent, NeverSent, OutcomeUnknown].some((kind) => error instanceof kind);

const thrownBy = (error: unknown): unknown => {
  if (!(error instanceof HttpFailure)) {
    return (error as NodeJS.ErrnoException).code === 'ETIMEDOUT' ? new OutcomeUnknown('no answer in time', { cause: error }) : error;
  }
  if (error.kind === 'blocked') return new NeverSent(error.message, { cause: error });
  return error.phase === 'not-sent' ? new NotSent(error.message, { cause: error }) : new OutcomeUnknown(error.message, { cause: error });
};
