import type { HttpRequest, HttpResponse } from '@stellwerk/http';
import { sleep } from '@stellwerk/service-kit';
import { bodyOf, type PlatformRequest } from './platform-request.js';
import type { ConnectionCallsOptions, Credentials, Shared } from './shared-calls.js';
import { thrownBy } from './thrown-by.js';

/** New credentials are known everywhere so much later. */
const NEW_RETRY_MS = 1_000;

interface Sending {
  credentials: Credentials;
  maySend?: () => boolean;
}

/** One request and its answer, through the breaker; what the answer means is for others to say. */
export class Exchange {
  constructor(
    private readonly options: ConnectionCallsOptions,
    private readonly shared: Shared,
  ) {}

  /** A 401 has done nothing: while the credentials are new, it is asked once more. @throws as `once` */
  async whenKnown(kind: 'triggers' | 'reads', request: PlatformRequest, sending: Sending): Promise<HttpResponse> {
    const response = await this.once(kind, request, sending);
    if (response.status !== 401 || request.anonymous || !this.options.areNew?.()) return response;
    await sleep(NEW_RETRY_MS);
    return this.once(kind, request, sending);
  }

  /** @returns any answer @throws Held, NotSent, NeverSent: nothing was done · OutcomeUnknown: something may have been done */
  async once(kind: 'triggers' | 'reads', request: PlatformRequest, { credentials, maySend }: Sending): Promise<HttpResponse> {
    const { connection, http, metrics } = this.options;
    const { body, headers } = bodyOf(request);
    const call: HttpRequest = {
      method: request.method, url: request.elsewhere ?? `${this.shared.root}${request.path}`, body, timeoutMs: connection.limits.timeoutMs, allow: connection.network.allow, maySend,
      headers: { accept: 'application/json', ...headers, ...credentials, ...request.headers },
    };
    const since = performance.now();
    try {
      return await this.shared[kind].run(() => http.request(call));
    } catch (error) {
      throw thrownBy(error);
    } finally {
      metrics?.took(connection.name, kind, (performance.now() - since) / 1_000);
    }
  }
}
