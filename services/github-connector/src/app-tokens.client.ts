import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Secrets } from '@stellwerk/config';
import { CredentialsRefused, Held, NeverSent, NotSent, describe, limitIn, type Connection } from '@stellwerk/connector-kit';
import { HttpClient, HttpFailure, type HttpResponse } from '@stellwerk/http';
import { messageOf } from '@stellwerk/service-kit';
import { appJwt } from './app-jwt.js';
import { API_HEADERS } from './github.client.js';

type App = NonNullable<NonNullable<Connection['auth']>['app']>;

/** A token is renewed so long before it ends, and no longer used this shortly before. */
const RENEW_BEFORE_MS = 300_000;
const LAST_MS = 30_000;
/** One that is refused younger than this is not out of date: another would be refused as well. */
const FRESH_MS = 60_000;
/** GitHub's servers learn of a new token within this time: https://github.com/octokit/auth-app.js (hook.ts). */
const NEW_MS = 5_000;
/** GitHub is asked again so soon after it refused the App, or gave no answer. */
const REFUSED_MS = 30_000;
const FAILED_MS = 2_000;
/** A clock that differs by more is told by the answer. */
const CLOCK_DIFFERENCE_MS = 30_000;
const DEFAULT_LIMIT_MS = 60_000;

interface Token {
  token: string;
  endsAt: number;
  since: number;
}

interface Failure {
  error: unknown;
  until: number;
  /** Of the key under which it failed: with another one GitHub is asked at once. */
  print: string;
}

/** One installation of an App. */
interface Installation {
  token?: Token;
  failure?: Failure;
  fetching?: Promise<Token>;
}

const printOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Installation tokens of GitHub Apps: fetched once for all who ask, renewed before they end. They are of any length and form. */
@Injectable()
export class AppTokens {
  readonly #installations = new LRUCache<string, Installation>({ max: 500 });

  constructor(private readonly http: HttpClient) {}

  /**
   * @throws CredentialsRefused when GitHub does not take the App, PermanentError when its key is not there or none
   * @throws Held, NeverSent, NotSent when it cannot be asked
   */
  async token(connection: Connection, app: App, secrets: Secrets): Promise<string> {
    const of = this.#of(connection.url, app);
    if (of.token && of.token.endsAt - RENEW_BEFORE_MS > Date.now()) return of.token.token;
    try {
      return (await this.#renewed(of, connection, app, secrets)).token;
    } catch (error) {
      // That it could not be renewed is no trouble as long as it is good.
      if (of.token && of.token.endsAt - LAST_MS > Date.now()) return of.token.token;
      throw error;
    }
  }

  /** The token may have been revoked: the next call asks for another. */
  forget(url: string, app: App): void {
    const of = this.#of(url, app);
    if (of.token && Date.now() - of.token.since >= FRESH_MS) of.token = undefined;
  }

  /** True while not all of GitHub may know the token. */
  isNew(url: string, app: App): boolean {
    const { token } = this.#of(url, app);
    return token !== undefined && Date.now() - token.since < NEW_MS;
  }

  #of(url: string, { id, installation, privateKey }: App): Installation {
    const key = JSON.stringify([url, id, installation, privateKey]);
    const known = this.#installations.get(key);
    if (known) return known;
    const fresh: Installation = {};
    this.#installations.set(key, fresh);
    return fresh;
  }

  async #renewed(of: Installation, connection: Connection, app: App, secrets: Secrets): Promise<Token> {
    const key = secrets.resolve(app.privateKey).reveal();
    const print = printOf(key);
    if (of.failure && of.failure.until > Date.now() && of.failure.print === print) throw of.failure.error;
    of.fetching ??= this.#fetch(connection, app, key).finally(() => (of.fetching = undefined));
    try {
      of.token = await of.fetching;
      of.failure = undefined;
      return of.token;
    } catch (error) {
      const until = error instanceof CredentialsRefused || error instanceof Held ? error.until.getTime() : Date.now() + FAILED_MS;
      of.failure = { error, until, print };
      throw error;
    }
  }

  async #fetch(connection: Connection, app: App, key: string): Promise<Token> {
    const since = Date.now();
    let response = await this.#ask(connection, app, appJwt(app.id, key, new Date()));
    const theirs = Date.parse(response.headers.date ?? '');
    // GitHub takes a signature from the future or the past for no signature: https://docs.github.com/en/rest/apps/apps
    if (response.status === 401 && Math.abs(theirs - since) > CLOCK_DIFFERENCE_MS) response = await this.#ask(connection, app, appJwt(app.id, key, new Date(theirs)));
    if (response.status !== 201) throw refusal(response, connection, app);
    return { ...tokenIn(response), since };
  }

  async #ask({ url, limits, network }: Connection, { installation }: App, jwt: string): Promise<HttpResponse> {
    try {
      return await this.http.request({
        method: 'POST', url: `${url.replace(/\/+$/, '')}/app/installations/${encodeURIComponent(installation)}/access_tokens`,
        headers: { ...API_HEADERS, authorization: `Bearer ${jwt}` }, timeoutMs: limits.timeoutMs, allow: network.allow,
      });
    } catch (error) {
      const message = `no token of the App could be asked for: ${messageOf(error)}`;
      throw error instanceof HttpFailure && error.kind === 'blocked' ? new NeverSent(message, { cause: error }) : new NotSent(message, { cause: error });
    }
  }
}

const refusal = (response: HttpResponse, { name }: Connection, { id, installation }: App): Error => {
  const limit = limitIn(response, new Date());
  const message = `GitHub gives no token for installation ${installation} of App ${id}, connection ${name}: ${describe(response)}`;
  if (limit) return new Held('rate-limit', message, new Date(Date.now() + (limit.waitMs ?? DEFAULT_LIMIT_MS)));
  const refused = response.status >= 400 && response.status < 500;
  return refused ? new CredentialsRefused(message, new Date(Date.now() + REFUSED_MS)) : new NotSent(message);
};

const tokenIn = (response: HttpResponse): Pick<Token, 'token' | 'endsAt'> => {
  const { token, expires_at: expiresAt } = readable(response);
  const endsAt = Date.parse(expiresAt ?? '');
  if (!token || Number.isNaN(endsAt)) throw new NotSent('GitHub answers with something else than { token, expires_at } when a token of the App is asked for');
  return { token, endsAt };
};

const readable = (response: HttpResponse): { token?: string; expires_at?: string } => {
  try {
    return response.json<{ token?: string; expires_at?: string } | null>() ?? {};
  } catch {
    return {}; // Cut on the way: as good as no answer.
  }
};
