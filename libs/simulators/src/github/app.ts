import { createHash, randomBytes, verify } from 'node:crypto';
import type { Store } from '../kit/store.js';
import type { Exchange } from '../kit/types.js';

/** A GitHub App and its one installation. */
export interface GithubAppOptions {
  id: string;
  installation: string;
  /** PEM; what the App signs with the other half of it is believed. */
  publicKey: string;
  /** Name in addresses, and with `[bot]` in whose name it acts. Default `stellwerk`. */
  slug?: string;
  /** `new`: `ghs_<app>_<jwt>`, longer than forty characters. Default `old`. */
  tokenForm?: 'old' | 'new';
  /** How long a token is good. Default an hour. */
  tokenSeconds?: number;
  /** A token is refused with 401 for so long after it was handed out, as GitHub's servers learn of it one after the other. Default 0. */
  tokenLagMilliseconds?: number;
}

interface HandedOut {
  /** Not the token: what is on disk is no secret. */
  hash: string;
  from: number;
  until: number;
}

const MAX_LIFE_SECONDS = 600;
const HOUR_SECONDS = 3_600;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

export const bearerOf = ({ headers }: Exchange): string | undefined => /^(?:bearer|token) (.+)$/i.exec(headers['authorization'] ?? '')?.[1];

/** The tokens of an installation: handed out to who signs as the App, good for a while, known over restarts. */
export class GithubApp {
  constructor(
    readonly options: GithubAppOptions,
    private readonly store: Store,
  ) {}

  get slug(): string {
    return this.options.slug ?? 'stellwerk';
  }

  /** Why GitHub does not take the signature; undefined when it does. */
  faultOf(jwt: string | undefined, now: Date): string | undefined {
    const [header = '', claims = '', signature = ''] = (jwt ?? '').split('.');
    const read = claimsIn(claims);
    if (!read || !verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), this.options.publicKey, Buffer.from(signature, 'base64url'))) return 'A JSON web token could not be decoded';
    const seconds = now.getTime() / 1_000;
    if (String(read.iss) !== this.options.id) return "'Issuer' claim ('iss') must be an Integer";
    if (read.exp <= seconds) return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
    if (read.exp > seconds + MAX_LIFE_SECONDS) return "'Expiration time' claim ('exp') is too far in the future";
    return read.iat > seconds ? "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued" : undefined;
  }

  handOut(now: Date): { token: string; expiresAt: Date } {
    const token = this.options.tokenForm === 'new' ? `ghs_${this.options.id}_${['a', 'b', 'c'].map(() => randomBytes(90).toString('base64url')).join('.')}` : `ghs_${randomBytes(18).toString('hex')}`;
    const until = now.getTime() + (this.options.tokenSeconds ?? HOUR_SECONDS) * 1_000;
    const hash = hashOf(token);
    this.#tokens.put(hash, { hash, from: now.getTime() + (this.options.tokenLagMilliseconds ?? 0), until });
    return { token, expiresAt: new Date(until) };
  }

  isGood(token: string, now: Date): boolean {
    const known = this.#tokens.get(hashOf(token));
    return known !== undefined && known.from <= now.getTime() && now.getTime() < known.until;
  }

  /** True when the call was made with a token of the installation that is good. */
  hasSent(exchange: Exchange): boolean {
    return this.isGood(bearerOf(exchange) ?? '', new Date());
  }

  /** Takes back every token, as GitHub does when the installation is suspended for a moment. */
  revokeAll(): void {
    for (const { hash } of this.#tokens.values()) this.#tokens.delete(hash);
  }

  get #tokens() {
    return this.store.table<HandedOut>('installation-tokens');
  }
}

const claimsIn = (text: string): { iss: unknown; iat: number; exp: number } | undefined => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as { iss: unknown; iat: number; exp: number };
  } catch {
    return undefined;
  }
};
