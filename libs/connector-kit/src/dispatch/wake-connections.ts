import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { messageOf } from '@stellwerk/service-kit';
import { ConnectionPool } from '../calls/connection-pool.js';
import { Agenda } from './agenda.js';
import { DispatchRepository } from './dispatch.repository.js';

/** Makes parked dispatches due when what held them may be gone. */
@Injectable()
export class ConnectionWaker implements OnApplicationBootstrap {
  readonly #log = new Logger(ConnectionWaker.name);
  readonly #paused = new Set<string>();

  constructor(
    private readonly dispatches: DispatchRepository,
    private readonly agenda: Agenda,
    private readonly resources: Resources,
    private readonly pool: ConnectionPool,
  ) {}

  /** New settings may hold the secret or address that was wrong; and what waits for a paused connection need not wait when it takes calls again. */
  onApplicationBootstrap(): void {
    this.resources.onChange(() => this.pool.connections().forEach(({ name }) => this.#wakeSoon(name)));
    this.pool.onChange((name) => {
      if (this.pool.of(name)?.gates.paused !== undefined) this.#paused.add(name);
      else if (this.#paused.delete(name)) this.#wakeSoon(name);
    });
  }

  #wakeSoon(name: string): void {
    this.wake(name).catch((error: unknown) => this.#log.warn({ connection: name, reason: messageOf(error) }, 'wake.failed'));
  }

  async wake(connection: string): Promise<void> {
    await this.dispatches.wakeConnection(connection);
    this.agenda.due(0);
  }
}
