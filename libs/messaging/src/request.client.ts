import type { OnApplicationShutdown } from '@nestjs/common';
import { ClientNats, NatsRecordBuilder } from '@nestjs/microservices';
import { RetryableError, SpanKind, inSpan, messageOf, traceHeaders } from '@stellwerk/service-kit';
import { lastValueFrom, timeout } from 'rxjs';
import { natsOptions } from './connection.js';
import type { NatsSettings } from './messaging.config.js';
import { natsHeaders } from './publisher.js';

/** A person's question or order, put to whichever replica of a service is free. */
export class RequestClient implements OnApplicationShutdown {
  readonly #client: ClientNats;

  constructor(settings: NatsSettings) {
    this.#client = new ClientNats(natsOptions({ ...settings, name: `${settings.name}-requests` }) as ConstructorParameters<typeof ClientNats>[0]);
  }

  /** Its answer; `pattern` begins with the service's name. Throws RetryableError when none came: broker or service away, or the service failed at it. */
  async ask<T>(pattern: string, data: unknown, timeoutMs = 5_000): Promise<T> {
    return inSpan(`ask ${pattern}`, { kind: SpanKind.CLIENT, attributes: { 'messaging.system': 'nats' } }, async () => {
      const record = new NatsRecordBuilder(data).setHeaders(natsHeaders({ ...traceHeaders() })).build();
      try {
        return await lastValueFrom(this.#client.send<T>(pattern, record).pipe(timeout(timeoutMs)));
      } catch (error) {
        throw new RetryableError(`the ${pattern.split('.', 1)[0]} did not answer ${pattern}: ${messageOf(error)}`, { cause: error });
      }
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#client.close();
  }
}
