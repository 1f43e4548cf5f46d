import 'reflect-metadata';
import { Global, Module, type INestApplication, type LoggerService } from '@nestjs/common';
import type { NestMicroservice } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Metrics, Readiness, SERVICE_NAME, TRANSPORTS, type TransportOptions } from '@stellwerk/service-kit';

const QUIET: LoggerService = { log: () => {}, warn: () => {}, error: () => {}, debug: () => {}, verbose: () => {}, fatal: () => {} };

/** The notifier within this process: what `startService` puts around a service, without a process of its own. */
export const startNotifier = async (env: Record<string, string>, metrics: Metrics): Promise<INestApplication> => {
  Object.assign(process.env, env);
  // The module reads the environment as soon as it is loaded.
  const { NotifierModule } = await import('../src/notifier.module.js');
  const providers = [
    { provide: SERVICE_NAME, useValue: 'notifier' },
    { provide: Readiness, useValue: new Readiness() },
    { provide: Metrics, useValue: metrics },
  ];
  @Global()
  @Module({ providers, exports: [SERVICE_NAME, Readiness, Metrics] })
  class KitForTests {}
  const testing = await Test.createTestingModule({ imports: [KitForTests, NotifierModule] }).setLogger(QUIET).compile();
  const application = testing.createNestApplication(new FastifyAdapter());
  for (const { filters = [], ...options } of application.get<TransportOptions[]>(TRANSPORTS, { strict: false })) {
    const microservice = application.connectMicroservice(options as never, { deferInitialization: true }) as NestMicroservice;
    microservice.useGlobalFilters(...filters);
    microservice.setIsInitHookCalled(true);
  }
  await application.init();
  await application.startAllMicroservices();
  return application;
};
