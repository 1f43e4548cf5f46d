import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Resources, Secrets } from '@stellwerk/config';
import { HttpClient } from '@stellwerk/http';
import { ADAPTER, type ConnectorAdapter } from '../adapter.js';
import type { Connection } from '../connection.js';
import { ConnectionCalls } from './connection-calls.js';

const KEPT_CONNECTIONS = 500;

interface Kept {
  settings: string;
  calls: ConnectionCalls;
}

/** The calls of each connection, with their breakers and gates; made anew when the connection's settings change. */
@Injectable()
export class ConnectionPool implements OnApplicationShutdown {
  readonly #kept = new LRUCache<string, Kept>({ max: KEPT_CONNECTIONS, dispose: (kept) => kept.calls.shutdown() });
  readonly #listeners = new Set<(connection: string) => void>();

  constructor(
    private readonly resources: Resources,
    private readonly secrets: Secrets,
    private readonly http: HttpClient,
    @Inject(ADAPTER) private readonly adapter: ConnectorAdapter,
  ) {}

  /** Connections of this connector's platform. */
  connections(): Connection[] {
    return Object.values(this.resources.current().connections).filter((one) => one.platform === this.adapter.platform);
  }

  /** Undefined when the config no longer has the connection. */
  of(name: string): ConnectionCalls | undefined {
    const connection = this.resources.current().connections[name];
    if (!connection || connection.platform !== this.adapter.platform) return undefined;
    const settings = JSON.stringify(connection);
    const kept = this.#kept.get(name);
    if (kept?.settings === settings) return kept.calls;
    const calls = this.#make(connection);
    this.#kept.set(name, { settings, calls });
    return calls;
  }

  /** Told whenever a breaker or gate of a connection moves. */
  onChange(listener: (connection: string) => void): void {
    this.#listeners.add(listener);
  }

  onApplicationShutdown(): void {
    this.#kept.clear();
  }

  #make(connection: Connection): ConnectionCalls {
    return new ConnectionCalls({
      connection,
      http: this.http,
      probePath: this.adapter.probePath,
      credentials: () => this.adapter.credentials(connection, this.secrets),
      onChange: () => this.#listeners.forEach((listener) => listener(connection.name)),
    });
  }
}
