import type { NatsConnection } from '@nats-io/transport-node';

export async function connectNats(_name: string, _url: string): Promise<NatsConnection> {
  throw new Error('not yet');
}
