import type { ServiceName } from '@stellwerk/contracts';
import { readInteger, readOptionalText, readText, type Env } from '@stellwerk/service-kit';

export interface NatsSettings {
  /** Shown by the server; also the last part of the inbox prefix. */
  name: string;
  /** One or several addresses with commas; user and password may be in it. */
  url: string;
  /** Certificate authority of the servers, when the address is `tls://`. */
  caFile?: string;
}

/** Throws ConfigFault. */
export const natsSettings = (service: ServiceName | 'declare', env: Env = process.env): NatsSettings => ({
  name: service,
  url: readText(env, 'NATS_URL', 'nats://127.0.0.1:4222'),
  caFile: readOptionalText(env, 'NATS_CA_FILE'),
});

/** What the `declare` job reads: how many servers keep each stream, 1 on a laptop, 3 in production. Throws ConfigFault. */
export const declareSettings = (env: Env = process.env): NatsSettings & { replicas: number } => ({
  ...natsSettings('declare', env),
  replicas: readInteger(env, 'NATS_REPLICAS', 1, { min: 1, max: 5 }),
});

