import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { CONSUMERS } from '@stellwerk/contracts';

/** How far the consumers are behind. */
export class Backlog {
  readonly #connection: NatsConnection;
  readonly #manager: JetStreamManager;

  private constructor(connection: NatsConnection, manager: JetStreamManager) {
    this.#connection = connection;
    this.#manager = manager;
  }

  static async of(natsUrl: string): Promise<Backlog> {
    const connection = await connect({ servers: natsUrl });
    return new Backlog(connection, await jetstreamManager(connection));
  }

  /** Messages not yet delivered or not yet confirmed, by consumer; those without any are left out. */
  async read(): Promise<Record<string, number>> {
    const entries = await Promise.all(CONSUMERS.map(async ({ stream, name }) => {
      const { num_pending, num_ack_pending } = await this.#manager.consumers.info(stream, name);
      return [name, num_pending + num_ack_pending] as const;
    }));
    return Object.fromEntries(entries.filter(([, count]) => count > 0));
  }

  /** Throws when something is left after `mostSeconds`. */
  async untilEmpty(mostSeconds: number): Promise<void> {
    const began = Date.now();
    for (;;) {
      const left = await this.read();
      const seconds = (Date.now() - began) / 1000;
      if (Object.keys(left).length === 0) return;
      if (seconds > mostSeconds) throw new Error(`still not done after ${mostSeconds} s: ${JSON.stringify(left)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
