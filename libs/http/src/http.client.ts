import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import ipaddr from 'ipaddr.js';
import { inSpan, traceHeaders } from '@stellwerk/service-kit';
import { allowedAddresses, type AddressRules } from './address-rules.js';
import { Agents, noteLiteral, type Route } from './agents.js';
import { exchange, type Answer } from './exchange.js';
import { failureOf } from './failure-of.js';
import { BlockedAddress, HttpFailure, MalformedResponse } from './http.errors.js';
import type { HttpRequest, HttpResponse } from './http.types.js';

const DEFAULT_MAX_BYTES = 8 * 1024 * 1024;
const USER_AGENT = 'stellwerk';

/** `url` without credentials, query and fragment: what may stand in spans, logs and errors. */
const shown = (url: URL, secretPath = false): string => `${url.origin}${secretPath ? '/***' : url.pathname}`;

const parse = ({ url: text, secretPath }: HttpRequest): URL => {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) throw new HttpFailure('not-sent', 'blocked', 'the address is no http or https URL');
  if (url.username || url.password) throw new HttpFailure('not-sent', 'blocked', `${shown(url, secretPath)}: credentials in a URL are refused`);
  return url;
};

/** A literal address never reaches the socket's lookup, so it is checked here; once under the same rules, as it always means the same. */
const checkLiteral = ({ hostname }: URL, rules: AddressRules, route: Route): void => {
  if (route.literals.has(hostname)) return;
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!ipaddr.isValid(host)) return;
  allowedAddresses(host, [{ address: host, family: host.includes(':') ? 6 : 4 }], rules);
  noteLiteral(route, hostname);
};

const responseOf = (answer: Answer): HttpResponse => ({
  ...answer,
  json<T>(): T {
    try {
      return JSON.parse(answer.text) as T;
    } catch (error) {
      throw new MalformedResponse(answer.status, error);
    }
  },
});

/**
 * The one client for calls to platforms and channels. Refuses addresses that are not public unless `allow` lists them, connects to
 * what it checked, follows no redirect (a 3xx is returned), never repeats a call, and makes a client span for each.
 */
@Injectable()
export class HttpClient implements OnApplicationShutdown {
  readonly #agents = new Agents();

  /** @throws HttpFailure when there is no whole answer */
  async request(request: HttpRequest): Promise<HttpResponse> {
    const url = parse(request);
    const attributes = {
      'http.request.method': request.method, 'url.full': shown(url, request.secretPath), 'server.address': url.hostname,
      'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    };
    return inSpan(request.method, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      const answer = await this.#send(request, url);
      span.setAttribute('http.response.status_code', answer.status);
      if (answer.status >= 400) span.setStatus({ code: SpanStatusCode.ERROR, message: `HTTP ${answer.status}` });
      return responseOf(answer);
    });
  }

  async #send(request: HttpRequest, url: URL): Promise<Answer> {
    const rules: AddressRules = { secure: url.protocol === 'https:', allow: request.allow };
    const target = `${request.method} ${shown(url, request.secretPath)}`;
    const route = this.#agents.for(rules, request.method === 'GET' ? 'read' : 'write');
    try {
      checkLiteral(url, rules, route);
    } catch (error) {
      if (error instanceof BlockedAddress) throw failureOf(error, false, target);
      throw error;
    }
    return exchange({
      dispatcher: route.agent,
      options: {
        origin: url.origin, path: `${url.pathname}${url.search}`, method: request.method, body: request.body ?? null,
        headers: { 'user-agent': USER_AGENT, ...request.headers, ...presentTrace() },
      },
      timeoutMs: request.timeoutMs,
      signal: request.signal,
      maySend: request.maySend,
      maxBytes: request.maxBytes ?? DEFAULT_MAX_BYTES,
      target,
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#agents.close();
  }
}

const presentTrace = (): Record<string, string> => traceHeaders() as Record<string, string>;
