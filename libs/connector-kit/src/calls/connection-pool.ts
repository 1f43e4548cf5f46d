import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Resources, Secrets } from '@stellwerk/config';
import { HttpClient } from '@stellwerk/http';
import { Adapters } from '../adapters.js';
import type { Connection } from '../connection.js';
import { ConnectorMetrics } from '../health/connector.metrics.js';
import { ConnectionCalls } from './connection-calls.js';
import { Patience } from './patience.js';

const KEPT_CONNECTIONS = 500;

interface Kept {
  /** As the configuration handed it out: a reload makes new objects. */
  connection: Connection;
  settings: string;
  calls: ConnectionCalls;
}

/** The calls of each connection, with their breakers and gates; made anew when the connection's settings change. */
@Injectable()
export class ConnectionPool implements OnApplicationShutdown {
  readonly #kept = new LRUCache<string, Kept>({ max: KEPT_CONNECTIONS, dispose: (kept, _name, reason) => {
    if (reason !== 'set') kept.calls.shutdown();
  } });
  readonly #listeners = new Set<(connection: string) => void>();
  readonly #patience = new Patience();

  constructor(
    private readonly resources: Resources,
    private readonly secrets: Secrets,
    private readonly http: HttpClient,
    private readonly metrics: ConnectorMetrics,
    private readonly adapters: Adapters,
  ) {}

  /** Connections of this connector's platforms. */
  connections(): Connection[] {
    return Object.values(this.resources.current().connections).filter(({ platform }) => this.adapters.has(platform));
  }

  /** Undefined when the config does not have the connection. */
  of(name: string): ConnectionCalls | undefined {
    const connection = this.resources.current().connections[name];
    if (!connection || !this.adapters.has(connection.platform)) return undefined;
    const kept = this.#kept.get(name);
    if (kept?.connection === connection) return kept.calls;
    const settings = JSON.stringify(connection);
    const calls = kept?.settings === settings ? kept.calls : this.#anew(connection, kept?.calls);
    this.#kept.set(name, { connection, settings, calls });
    return calls;
  }

  /** Credentials as they are now. @throws NotReady, PermanentError when a secret is not set */
  credentials(connection: Connection): Promise<Record<string, string>> {
    return this.#patience.run(connection.name, () => this.adapters.of(connection.platform).credentials(connection, this.secrets));
  }

  /** Told whenever a breaker or gate of a connection moves. */
  onChange(listener: (connection: string) => void): void {
    this.#listeners.add(listener);
  }

  onApplicationShutdown(): void {
    this.#kept.clear();
  }

  #anew(connection: Connection, before: ConnectionCalls | undefined): ConnectionCalls {
    before?.shutdown();
    const adapter = this.adapters.of(connection.platform);
    return new ConnectionCalls({
      connection,
      http: this.http,
      metrics: this.metrics,
      probePath: adapter.probePath,
      credentials: () => this.credentials(connection),
      areNew: () => adapter.areNew?.(connection) ?? false,
      onRefused: () => adapter.refused?.(connection),
      onChange: () => this.#listeners.forEach((listener) => listener(connection.name)),
    });
  }
}
