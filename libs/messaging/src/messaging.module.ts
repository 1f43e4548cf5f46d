import { Module, type DynamicModule } from '@nestjs/common';
import { Transport } from '@nestjs/microservices';
import { ANSWERING, type ServiceName } from '@stellwerk/contracts';
import { TRANSPORTS, type TransportOptions } from '@stellwerk/service-kit';
import { natsOptions } from './connection.js';
import { JetStreamStrategy } from './jetstream.strategy.js';
import { MessagingLifecycle } from './messaging.lifecycle.js';
import { natsSettings, type NatsSettings } from './messaging.config.js';
import { MessagingMetrics } from './messaging.metrics.js';
import { NatsLink } from './nats-link.js';
import { exitProcess } from './exit-process.js';
import { PatientRequestServer } from './patient-request.server.js';
import { Publisher } from './publisher.js';
import { RethrowFilter } from './rethrow.filter.js';
import { RequestClient } from './request.client.js';
import { StreamKeeper } from './stream-keeper.js';
import { StreamReader } from './stream-reader.js';
import { TopologyGate } from './topology-gate.js';

/** Takes its work without a broker, so its start must not wait for one. */
const WITHOUT_BROKER: ServiceName = 'ingress';

/** Questions and orders of people reach whichever replica is free. */
const requests = (service: ServiceName, settings: NatsSettings): TransportOptions => {
  const options = { ...natsOptions(settings), queue: service } as ConstructorParameters<typeof PatientRequestServer>[0];
  return service === WITHOUT_BROKER ? { strategy: new PatientRequestServer(options) } : { transport: Transport.NATS, options };
};

const SETTINGS = Symbol('nats-settings');

/** All a service needs to take and give messages; global. */
@Module({})
export class MessagingModule {
  static forService(service: ServiceName): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [
        MessagingMetrics,
        Publisher,
        MessagingLifecycle,
        StreamReader,
        StreamKeeper,
        // Read when Nest makes its providers, so that a bad variable ends the start the ordinary way.
        { provide: SETTINGS, useFactory: () => natsSettings(service) },
        { provide: NatsLink, inject: [SETTINGS], useFactory: (settings: NatsSettings) => new NatsLink(settings, exitProcess) },
        { provide: TopologyGate, inject: [NatsLink], useFactory: (link: NatsLink) => new TopologyGate(service, link, exitProcess) },
        { provide: RequestClient, inject: [SETTINGS], useFactory: (settings: NatsSettings) => new RequestClient(settings) },
        {
          provide: JetStreamStrategy,
          inject: [NatsLink, Publisher, MessagingMetrics, TopologyGate],
          useFactory: (link: NatsLink, publisher: Publisher, metrics: MessagingMetrics, gate: TopologyGate) =>
            new JetStreamStrategy(service, { link, publisher, metrics }, () => gate.passed()),
        },
        {
          provide: TRANSPORTS,
          inject: [JetStreamStrategy, SETTINGS],
          useFactory: (strategy: JetStreamStrategy, settings: NatsSettings): TransportOptions[] => [
            { strategy, filters: [new RethrowFilter()] },
            ...(ANSWERING.includes(service) ? [requests(service, settings)] : []),
          ],
        },
      ],
      exports: [Publisher, RequestClient, StreamReader, StreamKeeper, TRANSPORTS],
    };
  }
}
