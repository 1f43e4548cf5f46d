import type { FastifyInstance } from 'fastify';
import type { RequestListener } from 'node:http';

/** The public HTTP door of a service. */
export interface Door {
  port: number;
  host: string;
  /** The env variable that sets the port; named in the message when the port is taken. */
  portVariable?: string;
  /** Body limit in bytes; larger ones get 413. Fastify's default (1 MiB) when absent. */
  bodyLimit?: number;
  /** Answers every request of the door itself: what it takes does not pay for a framework's pipeline. Then there are no Nest routes. */
  listener?: RequestListener;
  /** How long a client may take for the headers, and for all of a request; Node's 60 s and 300 s when absent. */
  headersMs?: number;
  requestMs?: number;
  /** Plugins, hooks and content type parsers, before Nest adds its routes. */
  configure?(fastify: FastifyInstance): void | Promise<void>;
}

/** Provider token of a `Door`; a service without one opens none. */
export const DOOR: unique symbol = Symbol('stellwerk.door');

/** Provider token of the microservice options that `startService` connects, one by one. */
export const TRANSPORTS: unique symbol = Symbol('stellwerk.transports');

/** Provider token of the service's name. */
export const SERVICE_NAME: unique symbol = Symbol('stellwerk.service-name');
