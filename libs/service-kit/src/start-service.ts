import 'reflect-metadata';
import { Logger, type Type } from '@nestjs/common';
import type { ServiceName } from '@stellwerk/contracts';
import { createApplication, openApplication, type Application } from './application.js';
import { ConfigFault, messageOf } from './errors.js';
import { KitModule } from './kit.module.js';
import { createLog } from './log.js';
import { startManagementServer, type ManagementServer } from './management-server.js';
import { Metrics } from './metrics.js';
import { Readiness } from './readiness.js';
import { serviceConfig, type ServiceConfig } from './service.config.js';
import { onShutdown } from './shutdown.js';
import { Supervisor } from './supervisor.js';

/** Codes a supervisor can act on: 2 = no restart will help before the configuration changes. */
const EXIT = { failed: 1, badConfig: 2 } as const;

/**
 * Runs one service until it is told to stop: management port, Nest application on Fastify, every transport of
 * `TRANSPORTS`, the door of `DOOR`. Ends the process with 2 on a bad configuration (every fault is printed), 1 on
 * any other failure to start.
 */
export async function startService(name: ServiceName, module: Type): Promise<void> {
  try {
    await run(serviceConfig(name), module);
  } catch (error) {
    fail(name, error);
  }
}

async function run(config: ServiceConfig, module: Type): Promise<void> {
  const { params, logger } = createLog(config.name, config.logLevel);
  Logger.overrideLogger(logger);
  dieLoudly();
  const readiness = new Readiness();
  const metrics = new Metrics();
  const supervisor = new Supervisor();
  readiness.register('start', () => notReady('starting'));
  const management = await startManagement(config, readiness, metrics);
  const kit = KitModule.around(module, { service: config.name, readiness, metrics, supervisor, log: params });
  const application = await createApplication(kit, logger, config.tls);
  stopWith(config, readiness, application, management);
  const doorPort = await openDoor(application);
  readiness.unregister('start');
  new Logger('service').log({ managementPort: management.port, doorPort, pid: process.pid }, 'service.started');
  supervisor.listening({ service: config.name, managementPort: management.port, doorPort });
}

const notReady = (reason: string): never => {
  throw new Error(reason);
};

const startManagement = (config: ServiceConfig, readiness: Readiness, metrics: Metrics): Promise<ManagementServer> =>
  startManagementServer({ port: config.managementPort, host: config.managementHost, readiness, metrics })
    .catch((error: unknown) => portFault(error, config.managementPort, config.managementPortVariable));

const openDoor = (application: Application): Promise<number | undefined> =>
  openApplication(application).catch((error: unknown) => portFault(error, application.door?.port, application.door?.portVariable));

/** A taken port is the operator's to solve: one line with the port and what to change. */
function portFault(error: unknown, port?: number, variable?: string): never {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== 'listen' || (code !== 'EADDRINUSE' && code !== 'EACCES')) throw error;
  const why = code === 'EADDRINUSE' ? 'is in use' : 'may not be opened by this user';
  throw new PortError(`Port ${port} ${why}: set ${variable ?? 'its port variable'} to another one`);
}

class PortError extends Error {}

function stopWith(config: ServiceConfig, readiness: Readiness, application: Application, management: ManagementServer): void {
  onShutdown([
    {
      name: 'readiness',
      run: async () => {
        readiness.register('shutdown', () => notReady('stopping'));
        await application.leave(config.shutdownDelayMs);
      },
    },
    { name: 'application', run: () => application.close() },
    { name: 'management', run: () => management.close() },
  ], new Logger('service'), config.shutdownDelayMs);
}

/** A bug nobody caught: say so and let the supervisor start a clean process. */
function dieLoudly(): void {
  const log = new Logger('process');
  const die = (kind: string) => (error: unknown): void => {
    log.fatal({ kind, reason: messageOf(error), stack: error instanceof Error ? error.stack : undefined }, 'process.failed');
    process.exit(EXIT.failed);
  };
  process.on('uncaughtException', die('uncaughtException'));
  process.on('unhandledRejection', die('unhandledRejection'));
}

function fail(name: ServiceName, error: unknown): never {
  if (error instanceof ConfigFault) {
    for (const fault of error.faults) process.stderr.write(`${name}: ${fault}\n`);
    process.exit(EXIT.badConfig);
  }
  const text = error instanceof PortError ? error.message : (error instanceof Error ? error.stack : String(error));
  process.stderr.write(`${name}: ${text}\n`);
  process.exit(EXIT.failed);
}
