import { createSign } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Secrets } from '@stellwerk/config';
import { NotSent, describe, type Connection } from '@stellwerk/connector-kit';
import { HttpClient } from '@stellwerk/http';
import { API_HEADERS } from './github.client.js';

type App = NonNullable<NonNullable<Connection['auth']>['app']>;

/** GitHub takes at most ten minutes, and clocks differ. */
const JWT_SECONDS = 540;
const CLOCK_SKEW_SECONDS = 60;
/** A token is renewed so long before it ends. */
const RENEW_BEFORE_MS = 300_000;

/** One that is refused younger than this is not out of date: another would be refused as well. */
const FRESH_MS = 60_000;

interface Kept {
  token: Promise<{ token: string; endsAt: number }>;
  since: number;
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The App's own signature: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app */
export const appJwt = (id: string, privateKey: string, now: Date): string => {
  const seconds = Math.floor(now.getTime() / 1_000);
  const unsigned = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url({ iat: seconds - CLOCK_SKEW_SECONDS, exp: seconds + JWT_SECONDS, iss: id })}`;
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(privateKey, 'base64url')}`;
};

const keyOf = (url: string, { id, installation }: App): string => JSON.stringify([url, id, installation]);

/** Installation tokens of GitHub Apps: fetched once for all who ask, renewed before they end. */
@Injectable()
export class AppTokens {
  readonly #kept = new LRUCache<string, Kept>({ max: 500 });

  constructor(private readonly http: HttpClient) {}

  /** @throws NotSent when GitHub gives none */
  async token(connection: Connection, app: App, secrets: Secrets): Promise<string> {
    const key = keyOf(connection.url, app);
    const kept = this.#kept.get(key);
    const known = await kept?.token;
    if (known && known.endsAt - RENEW_BEFORE_MS > Date.now()) return known.token;
    // Whoever waited for the same token finds that another one has begun to renew it.
    if (this.#kept.get(key) === kept) this.#kept.set(key, { token: this.#keep(key, this.#fetch(connection, app, secrets)), since: Date.now() });
    return (await this.#kept.get(key)!.token).token;
  }

  /** The token may have been revoked: the next call asks for another. */
  forget(url: string, app: App): void {
    const key = keyOf(url, app);
    const kept = this.#kept.get(key);
    if (kept && Date.now() - kept.since >= FRESH_MS) this.#kept.delete(key);
  }

  /** A refusal is not kept. */
  #keep(key: string, token: Kept['token']): Kept['token'] {
    token.catch(() => this.#kept.delete(key));
    return token;
  }

  async #fetch({ url, limits, network }: Connection, app: App, secrets: Secrets): Promise<{ token: string; endsAt: number }> {
    const jwt = appJwt(app.id, secrets.resolve(app.privateKey).reveal(), new Date());
    const response = await this.http.request({
      method: 'POST', url: `${url.replace(/\/+$/, '')}/app/installations/${encodeURIComponent(app.installation)}/access_tokens`,
      headers: { ...API_HEADERS, authorization: `Bearer ${jwt}` }, timeoutMs: limits.timeoutMs, allow: network.allow,
    });
    if (response.status !== 201) throw new NotSent(`GitHub gives no token for installation ${app.installation}: ${describe(response)}`);
    const { token, expires_at } = response.json<{ token: string; expires_at: string }>();
    return { token, endsAt: Date.parse(expires_at) };
  }
}
