import { platformsOf, type Platform, type ServiceName } from '@stellwerk/contracts';
import { PermanentError } from '@stellwerk/service-kit';
import type { ConnectorAdapter } from './adapter.js';

/** The adapters of a connector: one for each of its platforms (ADR 16). */
export class Adapters {
  readonly all: readonly ConnectorAdapter[];
  readonly #byPlatform: ReadonlyMap<Platform, ConnectorAdapter>;

  /** @throws Error unless there is exactly one for each platform that the contracts give to the service */
  constructor(service: ServiceName, adapters: readonly ConnectorAdapter[]) {
    this.all = adapters;
    this.#byPlatform = new Map(adapters.map((adapter) => [adapter.platform, adapter]));
    const [brought, expected] = [adapters.map(({ platform }) => platform), platformsOf(service)].map((platforms) => platforms.toSorted().join(', '));
    if (brought !== expected) throw new Error(`${service} brings adapters for ${brought || 'no platform'}; the contracts give it ${expected || 'none'}`);
  }

  has(platform: Platform): boolean {
    return this.#byPlatform.has(platform);
  }

  /** @throws PermanentError for a platform of another connector */
  of(platform: Platform): ConnectorAdapter {
    const adapter = this.#byPlatform.get(platform);
    if (!adapter) throw new PermanentError(`platform "${platform}" is none of this connector's: ${[...this.#byPlatform.keys()].join(', ')}`);
    return adapter;
  }
}
