import { checkNats, ended, freePort, natsServerBinary, spawnServer, stopServer, untilReachable } from '@stellwerk/local-servers';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../wait-for.js';

export interface NatsOptions {
  /** 1, or 3 with routes between them. */
  nodes: number;
  /** Every message reaches the disk before its ack. */
  syncAlways?: boolean;
  /** Path of another nats-server. */
  binary?: string;
  /** Further lines of the configuration. */
  config?: string;
}

interface Node { name: string; port: number; routePort: number; dir: string; child?: ChildProcess }

const START_MS = 15_000;
const GRACE_MS = 5_000;

/** One or several nats-servers on loopback, with JetStream. */
export class NatsServers {
  readonly #nodes: Node[];
  readonly #binary: string;
  readonly #dir: string;
  #connection?: NatsConnection;

  constructor(nodes: Node[], binary: string, dir: string) {
    this.#nodes = nodes;
    this.#binary = binary;
    this.#dir = dir;
  }

  get size(): number {
    return this.#nodes.length;
  }

  get ports(): number[] {
    return this.#nodes.map(({ port }) => port);
  }

  /** Of all servers, with commas. */
  get url(): string {
    return this.ports.map((port) => `nats://127.0.0.1:${port}`).join(',');
  }

  pid(i = 0): number {
    return this.#nodes[i]!.child!.pid!;
  }

  get pids(): number[] {
    return this.#nodes.map((_, i) => this.pid(i));
  }

  /** SIGKILL; what it stored stays. */
  async kill(i = 0): Promise<void> {
    const { child } = this.#nodes[i]!;
    child?.kill('SIGKILL');
    if (child) await ended(child);
  }

  async killAll(): Promise<void> {
    await Promise.all(this.#nodes.map((_, i) => this.kill(i)));
  }

  async stop(i = 0): Promise<void> {
    const { child } = this.#nodes[i]!;
    if (child) await stopServer(child, 'SIGTERM', GRACE_MS);
  }

  pause(i = 0): void {
    process.kill(this.pid(i), 'SIGSTOP');
  }

  /** Also of one that was not paused; a dead one stays dead. */
  resume(i = 0): void {
    this.#nodes[i]!.child?.kill('SIGCONT');
  }

  /** Starts it; one that runs is stopped gently before. Resolves when it greets. */
  async restart(i = 0): Promise<void> {
    await this.stop(i);
    const node = this.#nodes[i]!;
    const output = openSync(join(this.#dir, `${node.name}.log`), 'a');
    const child = spawnServer({ command: this.#binary, args: ['--config', join(node.dir, 'nats.conf')], cwd: node.dir }, ['ignore', output, output]);
    closeSync(output);
    node.child = child;
    await untilReachable(() => checkNats('127.0.0.1', node.port), node.name, START_MS, () => (child.exitCode === null ? undefined : `ended with ${child.exitCode}`));
  }

  async restartAll(): Promise<void> {
    await Promise.all(this.#nodes.map((_, i) => this.restart(i)));
  }

  /** The rig's own connection, made on first use; it outlives restarts of the servers. */
  async connection(): Promise<NatsConnection> {
    this.#connection ??= await connect({ servers: this.ports.map((port) => `127.0.0.1:${port}`), name: 'rig', maxReconnectAttempts: -1, waitOnFirstConnect: true, reconnectTimeWait: 200 });
    return this.#connection;
  }

  async manager(): Promise<JetStreamManager> {
    return jetstreamManager(await this.connection(), { checkAPI: false });
  }

  /** Number of the server that leads a stream now; 0 when there is but one. */
  async leaderOf(stream: string): Promise<number> {
    if (this.size === 1) return 0;
    const manager = await this.manager();
    const name = await waitFor(async () => (await manager.streams.info(stream)).cluster?.leader, { what: `a leader of ${stream}`, timeoutMs: 30_000, everyMs: 100 });
    return this.#nodes.findIndex((node) => node.name === name);
  }

  async close(): Promise<void> {
    await this.#connection?.close();
    await Promise.all(this.#nodes.map(async ({ child }) => { if (child) await stopServer(child, 'SIGKILL', GRACE_MS); }));
  }
}

const configuration = (node: Node, all: readonly Node[], { syncAlways, config }: NatsOptions): string => `server_name: ${node.name}
host: 127.0.0.1
port: ${node.port}
max_payload: ${32 * 1024 * 1024}
jetstream {
  store_dir: ${JSON.stringify(join(node.dir, 'streams'))}
  max_memory_store: 256MB
  max_file_store: 64GB
  ${syncAlways ? 'sync_interval: always' : ''}
}
${all.length === 1 ? '' : `cluster {
  name: rig
  host: 127.0.0.1
  port: ${node.routePort}
  no_advertise: true
  routes: [${all.filter((other) => other !== node).map(({ routePort }) => `nats://127.0.0.1:${routePort}`).join(', ')}]
}`}
${config ?? ''}
`;

/** Starts them all; `dir` holds configuration, streams and logs. */
export const startNatsServers = async (dir: string, options: NatsOptions): Promise<NatsServers> => {
  const nodes: Node[] = [];
  for (let n = 1; n <= options.nodes; n += 1) nodes.push({ name: `nats-${n}`, port: await freePort(), routePort: await freePort(), dir: join(dir, `nats-${n}`) });
  for (const node of nodes) {
    mkdirSync(node.dir, { recursive: true });
    writeFileSync(join(node.dir, 'nats.conf'), configuration(node, nodes, options));
  }
  const servers = new NatsServers(nodes, options.binary ?? await natsServerBinary(), dir);
  await servers.restartAll();
  return servers;
};
