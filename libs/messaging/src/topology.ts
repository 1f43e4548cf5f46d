import type { ServiceName } from '@stellwerk/contracts';
import type { NatsConnection } from '@nats-io/transport-node';

export interface DeclareReport {
  /** One line per stream and consumer: what was done. */
  lines: string[];
}

export async function declareTopology(_connection: NatsConnection): Promise<DeclareReport> {
  throw new Error('not yet');
}

export async function verifyTopology(_connection: NatsConnection, _service: ServiceName): Promise<void> {
  throw new Error('not yet');
}
