import type { DynamicModule, ExceptionFilter, INestApplicationContext } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import type { NestMicroservice, MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'nestjs-pino';
import type { FastifyInstance } from 'fastify';
import type { RequestListener } from 'node:http';
import type { Server as TlsServer } from 'node:tls';
import { DOOR, TRANSPORTS, type Door } from './door.js';
import { DoorServer } from './door-server.js';
import { tidyMemory } from './tidy-memory.js';
import { followTls, type TlsFiles } from './tls-files.js';

/** Microservice options, with the exception filters of that transport alone. */
export type TransportOptions = MicroserviceOptions & { filters?: ExceptionFilter[] };

export interface Application {
  nest: NestFastifyApplication;
  door?: Door;
  /** Tells clients to go, for at least so many milliseconds; the door is still open. */
  leave(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Ids of polled events name a place at a platform; Fastify's own limit of 100 would be none of theirs. */
const LONGEST_PARAMETER = 2_000;

/** The Nest application with its transports connected; nothing runs or listens yet. */
export async function createApplication(root: DynamicModule, logger: Logger, tls?: TlsFiles): Promise<Application> {
  const server = new DoorServer(tls);
  // Who comes while we leave is still served: nobody else may be there to do it.
  const adapter = new FastifyAdapter({ return503OnClosing: false, routerOptions: { maxParamLength: LONGEST_PARAMETER }, serverFactory: (listener: RequestListener) => server.serve(listener) });
  const nest = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger, bodyParser: false, abortOnError: false, forceCloseConnections: false,
  });
  const door = provided<Door>(nest, DOOR);
  if (door) server.furnish(door);
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  if (door?.bodyLimit) limitBodies(fastify, door.bodyLimit);
  await door?.configure?.(fastify);
  for (const transport of provided<TransportOptions[]>(nest, TRANSPORTS) ?? []) connect(nest, transport);
  const unfollow = tls && door ? followTls(nest.getHttpServer() as unknown as TlsServer, tls) : undefined;
  return { nest, door, leave: (ms) => server.leave(ms), close: () => nest.close().finally(unfollow) };
}

const limitBodies = (fastify: FastifyInstance, bodyLimit: number): void => {
  fastify.addHook('onRoute', (route) => {
    route.bodyLimit ??= bodyLimit;
  });
};

/** A provider of any module, or undefined: a service without a door or without messages is fine. */
function provided<T>(nest: INestApplicationContext, token: symbol): T | undefined {
  const has = [...nest.get(ModulesContainer).values()].some((module) => module.providers.has(token));
  return has ? nest.get<T>(token, { strict: false }) : undefined;
}

/**
 * Filters must be there before Nest binds the handlers, hence the deferred initialization; the lifecycle hooks are
 * the application's, so the microservice is told that they were called.
 */
function connect(nest: NestFastifyApplication, { filters = [], ...options }: TransportOptions): void {
  const microservice = nest.connectMicroservice<MicroserviceOptions>(options as MicroserviceOptions, { deferInitialization: true }) as NestMicroservice;
  microservice.useGlobalFilters(...filters);
  microservice.setIsInitHookCalled(true);
}

/** Runs init hooks, then the transports, then opens the door. Gives the door's port. */
export async function openApplication({ nest, door }: Application): Promise<number | undefined> {
  await nest.init();
  await nest.startAllMicroservices();
  tidyMemory();
  const fastify = nest.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  if (!door) return undefined;
  await fastify.listen({ port: door.port, host: door.host });
  const address = fastify.server.address();
  return typeof address === 'object' ? address?.port : undefined;
}
