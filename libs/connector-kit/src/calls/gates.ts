import { createHash } from 'node:crypto';
import { backoffCeiling } from '@stellwerk/service-kit';
import { Held } from './call.errors.js';

/** A paused connection is tried again so often; at once when its credentials have changed. */
const PAUSE_MS = 30_000;

/** GitHub asks for at least a minute where it names no time, and for more each time: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const UNNAMED = { baseMs: 60_000, factor: 2, maxMs: 3_600_000 };

const fingerprint = (credentials: Record<string, string>): string =>
  createHash('sha256').update(JSON.stringify(Object.entries(credentials).sort())).digest('hex');

/** What holds all calls of a connection, whatever the breaker says: a rate limit, or credentials the platform does not take. */
export class Gates {
  #notBefore: Date | undefined;
  /** Limits in a row that named no time. */
  #unnamed = 0;
  #paused: { reason: string; credentials: string; until: Date } | undefined;

  get notBefore(): Date | undefined {
    return this.#notBefore && this.#notBefore.getTime() > Date.now() ? this.#notBefore : undefined;
  }

  get paused(): string | undefined {
    return this.#paused?.reason;
  }

  /** Until when no call is made, whatever the credentials are by now. */
  get closedUntil(): Date | undefined {
    const pausedUntil = this.#paused?.until;
    return this.notBefore ?? (pausedUntil && pausedUntil.getTime() > Date.now() ? pausedUntil : undefined);
  }

  /** True when it is paused for other credentials than these. */
  isPausedForOthers(credentials: Record<string, string>): boolean {
    return this.#paused !== undefined && this.#paused.credentials !== fingerprint(credentials);
  }

  /** `waitMs`: how long the platform asks to wait; without it the wait grows from limit to limit. Gives until when. */
  limit(waitMs?: number): Date {
    // Calls that were under way together meet one limit, not several.
    if (waitMs === undefined && this.notBefore) return this.notBefore;
    const until = new Date(Date.now() + (waitMs ?? backoffCeiling({ attempt: (this.#unnamed += 1), ...UNNAMED })));
    if (!this.#notBefore || until > this.#notBefore) this.#notBefore = until;
    return until;
  }

  /** A call was taken. Those that were under way when a limit came say nothing about its end. */
  passed(): void {
    if (!this.notBefore) this.#unnamed = 0;
  }

  pause(reason: string, credentials: Record<string, string>, until = new Date(Date.now() + PAUSE_MS)): Date {
    this.#paused = { reason, credentials: fingerprint(credentials), until };
    return until;
  }

  resume(): void {
    this.#paused = undefined;
  }

  /** Lets one call through to try when the pause is over; the others wait for what it brings. @throws Held */
  check(credentials: Record<string, string>): void {
    const { notBefore } = this;
    if (notBefore) throw new Held('rate-limit', `rate limited until ${notBefore.toISOString()}`, notBefore);
    const paused = this.#paused;
    if (!paused || paused.credentials !== fingerprint(credentials)) return;
    if (paused.until.getTime() > Date.now()) throw new Held('paused', paused.reason, paused.until);
    paused.until = new Date(Date.now() + PAUSE_MS);
  }
}
