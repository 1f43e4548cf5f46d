import 'reflect-metadata';
import { jetstreamManager, type StoredMsg } from '@nats-io/jetstream';
import { Global, Module, type Type } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { cloudEvent, type CloudEvent, type ServiceName } from '@stellwerk/contracts';
import { Metrics, Readiness, SERVICE_NAME, TRANSPORTS, type TransportOptions } from '@stellwerk/service-kit';
import type { NestMicroservice } from '@nestjs/microservices';
import { MessagingModule, Publisher, connectNats, declareTopology } from '../src/index.js';

export interface MessagingRig {
  publisher: Publisher;
  metrics: Metrics;
  readiness: Readiness;
  /** Messages of a stream so far, in order. */
  stored(stream: string): Promise<StoredMsg[]>;
  consumer(stream: string, name: string): Promise<{ ackPending: number; pending: number; delivered: number }>;
  stop(): Promise<void>;
}

export async function declareOn(url: string): Promise<string[]> {
  const connection = await connectNats('declare', url);
  try {
    return (await declareTopology(connection)).lines;
  } finally {
    await connection.close();
  }
}

async function storedOn(url: string, stream: string): Promise<StoredMsg[]> {
  const connection = await connectNats('look', url);
  try {
    const manager = await jetstreamManager(connection);
    const { state } = await manager.streams.info(stream);
    const found = await Promise.all(Array.from({ length: state.messages }, (_, n) => manager.streams.getMessage(stream, { seq: state.first_seq + n })));
    return found.filter((message) => message !== null);
  } finally {
    await connection.close();
  }
}

async function consumerOn(url: string, stream: string, name: string) {
  const connection = await connectNats('look', url);
  try {
    const info = await (await jetstreamManager(connection)).consumers.info(stream, name);
    return { ackPending: info.num_ack_pending, pending: info.num_pending, delivered: info.delivered.stream_seq };
  } finally {
    await connection.close();
  }
}

/** A service of these controllers on a real NATS, wired as `startService` wires it. */
export async function startMessaging(url: string, service: ServiceName, controllers: Type[]): Promise<MessagingRig> {
  process.env.NATS_URL = url;
  const [metrics, readiness] = [new Metrics(), new Readiness()];
  @Global()
  @Module({
    providers: [{ provide: SERVICE_NAME, useValue: service }, { provide: Readiness, useValue: readiness }, { provide: Metrics, useValue: metrics }],
    exports: [SERVICE_NAME, Readiness, Metrics],
  })
  class Kit {}
  const testing = await Test.createTestingModule({ imports: [Kit, MessagingModule.forService(service)], controllers }).setLogger(false as never).compile();
  const application = testing.createNestApplication(new FastifyAdapter());
  for (const { filters = [], ...options } of application.get<TransportOptions[]>(TRANSPORTS, { strict: false })) {
    const microservice = application.connectMicroservice(options as never, { deferInitialization: true }) as unknown as NestMicroservice;
    microservice.useGlobalFilters(...filters);
    microservice.setIsInitHookCalled(true);
  }
  await application.init();
  await application.startAllMicroservices();
  return {
    publisher: application.get(Publisher, { strict: false }),
    metrics,
    readiness,
    stored: (stream) => storedOn(url, stream),
    consumer: (stream, name) => consumerOn(url, stream, name),
    stop: () => application.close(),
  };
}

export const someEvent = (id: string, data: unknown = {}): CloudEvent => cloudEvent({
  id, source: '/connections/github', type: 'pipelinerun.finished', subject: '1', time: new Date('2026-01-01T00:00:00Z'),
  correlationId: id, causationId: id, data,
});
