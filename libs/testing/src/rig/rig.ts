import type { ServiceName } from '@stellwerk/contracts';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { TestPostgres } from '../test-postgres.js';
import type { HookDriver } from './driver/hook-driver.js';
import type { Front } from './front.js';
import type { Lines } from './lines.js';
import type { NatsServers } from './nats-servers.js';
import type { RigOptions } from './options.js';
import type { ProcessExit } from './own-process.js';
import type { RigPlatforms } from './platforms.js';
import { putResource, type RigResource } from './resources.js';
import type { ServiceProcess } from './service-process.js';

/** The whole of Stellwerk as real processes, with handles to break each part. */
export class Rig {
  readonly dir: string;
  readonly options: RigOptions;
  readonly seed: number;
  readonly nats: NatsServers;
  readonly postgres: TestPostgres;
  readonly lines: Lines;
  readonly databaseUrl: string;
  services: Partial<Record<ServiceName, ServiceProcess[]>> = {};
  platforms!: RigPlatforms;
  front!: Front;
  driver!: HookDriver;
  #pool?: pg.Pool;
  #kept = false;

  constructor(parts: Pick<Rig, 'dir' | 'options' | 'seed' | 'nats' | 'postgres' | 'lines' | 'databaseUrl'>) {
    this.dir = parts.dir;
    this.options = parts.options;
    this.seed = parts.seed;
    this.nats = parts.nats;
    this.postgres = parts.postgres;
    this.lines = parts.lines;
    this.databaseUrl = parts.databaseUrl;
  }

  get configDir(): string {
    return join(this.dir, 'config');
  }

  /** The replicas of a service. */
  service(name: ServiceName): ServiceProcess[] {
    const found = this.services[name];
    if (!found) throw new Error(`the rig runs no ${name}`);
    return found;
  }

  get processes(): ServiceProcess[] {
    return Object.values(this.services).flat();
  }

  exits(): ProcessExit[] {
    return this.processes.flatMap(({ exits }) => exits);
  }

  /** Writes or replaces a resource; the services take it up within a second. */
  put(resource: RigResource): void {
    putResource(this.configDir, resource);
  }

  /** SQL in the services' database. */
  async query<T extends object = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> {
    this.#pool ??= this.#openPool();
    return (await this.#pool.query<T & pg.QueryResultRow>(sql, values)).rows;
  }

  /** Every service that does not run is started; resolves when all are ready. */
  async startAll(): Promise<void> {
    await Promise.all(this.processes.map((one) => (one.isRunning ? one.ready() : one.start())));
    await this.front.refresh();
  }

  /** The folder with logs, journals, ledger and config stays after `close`; give its path to people. */
  keep(): string {
    this.#kept = true;
    return this.dir;
  }

  /** Ends every process and, unless it is to be kept, removes the folder. */
  async close(): Promise<void> {
    await Promise.allSettled(this.processes.map((one) => one.close()));
    await this.platforms?.process.close();
    await this.driver?.close();
    await this.front?.close();
    await this.#pool?.end();
    await this.lines.close();
    await this.nats.close();
    await this.postgres.stop();
    if (!this.#kept && this.options.removeFolder !== false) rmSync(this.dir, { recursive: true, force: true });
  }

  #openPool(): pg.Pool {
    const pool = new pg.Pool({ connectionString: this.databaseUrl, max: 4, application_name: 'rig' });
    // Connections break with the server; the next query opens another one.
    pool.on('error', () => undefined);
    return pool;
  }
}
