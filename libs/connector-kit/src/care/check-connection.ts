import { Inject, Injectable, Optional } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { ConnectionCheck, Finding } from '@stellwerk/contracts';
import { messageOf } from '@stellwerk/service-kit';
import { ConnectionPool } from '../calls/connection-pool.js';
import type { ConnectionCalls } from '../calls/connection-calls.js';
import { CheckCredentials } from './check-credentials.js';
import { finding, HOOK_KEEPER, type HookKeeper } from './hook-keeper.js';

/** Whoever asks again within that time hears the same: people press keys more than once. */
const FRESH_MS = 15_000;
/** A person waits no longer. */
const LIMIT_MS = 20_000;
const MOST_PLACES = 100;

/** Looks at one connection with its own credentials, for a person. */
@Injectable()
export class ConnectionChecker {
  readonly #fresh = new LRUCache<string, Promise<ConnectionCheck>>({ max: 500, ttl: FRESH_MS });

  constructor(
    private readonly pool: ConnectionPool,
    private readonly credentials: CheckCredentials,
    @Optional() @Inject(HOOK_KEEPER) private readonly keeper?: HookKeeper,
  ) {}

  /** Undefined: the configuration, as this process knows it, does not have the connection. */
  async check(name: string): Promise<ConnectionCheck | undefined> {
    const calls = this.pool.of(name);
    if (!calls) return undefined;
    const known = this.#fresh.get(name) ?? this.#look(calls);
    this.#fresh.set(name, known, { noUpdateTTL: true });
    return known;
  }

  /** After a change, what was found before is out of date. */
  forget(name: string): void {
    this.#fresh.delete(name);
  }

  async #look(calls: ConnectionCalls): Promise<ConnectionCheck> {
    const places = this.keeper?.places(calls) ?? [];
    const looks = [this.credentials.check(calls), ...places.slice(0, MOST_PLACES).map((place) => this.#place(calls, place))];
    const found = (await Promise.all(looks)).flat();
    if (places.length > MOST_PLACES) found.push(finding('webhooks', 'unknown', `${places.length - MOST_PLACES} more places were not looked at`));
    return { connection: calls.connection.name, checkedAt: new Date().toISOString(), findings: found };
  }

  /** One that cannot be looked at does not hide the others. */
  async #place(calls: ConnectionCalls, place: string): Promise<Finding[]> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Finding[]>((resolve) => {
      timer = setTimeout(() => resolve([finding(place, 'unknown', `was not looked at within ${LIMIT_MS / 1_000} s`)]), LIMIT_MS);
    });
    const look = this.keeper!.check(calls, place).catch((error: unknown) => [finding(place, 'unknown', `its webhooks could not be looked at: ${messageOf(error)}`)]);
    return Promise.race([look, late]).finally(() => clearTimeout(timer));
  }
}
