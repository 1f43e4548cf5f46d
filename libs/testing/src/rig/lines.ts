import type { ServiceName } from '@stellwerk/contracts';
import type { RigPlatform } from './platforms.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

export type LineTo = 'nats' | 'postgres';

/** The lines a fault can stand in: of a service's replica to NATS and Postgres, and before each platform. */
export class Lines {
  readonly #proxied: readonly string[];
  readonly #proxies = new Map<string, TcpProxy[]>();

  constructor(proxied: readonly string[]) {
    this.#proxied = proxied;
  }

  /** Ports a replica shall use in place of these. */
  async ports(replica: string, to: LineTo, ports: readonly number[]): Promise<number[]> {
    return this.#proxied.includes(to) ? this.#open(`${replica}>${to}`, ports) : [...ports];
  }

  /** The port of a platform as connections are to name it. */
  async platform(name: RigPlatform, port: number): Promise<number> {
    return this.#proxied.includes('platforms') ? (await this.#open(`>${name}`, [port]))[0]! : port;
  }

  /** The proxies between a replica (`0` = the first) and NATS or Postgres; of a cluster one per node. */
  between(service: ServiceName, to: LineTo, replica = 0): TcpProxy[] {
    return this.#get(`${service}-${replica + 1}>${to}`);
  }

  /** All lines to NATS or Postgres. */
  all(to: LineTo): TcpProxy[] {
    return [...this.#proxies].filter(([name]) => name.endsWith(`>${to}`)).flatMap(([, proxies]) => proxies);
  }

  before(platform: RigPlatform): TcpProxy {
    return this.#get(`>${platform}`)[0]!;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#proxies.values()].flat().map((proxy) => proxy.close()));
  }

  async #open(name: string, ports: readonly number[]): Promise<number[]> {
    const proxies = this.#proxies.get(name) ?? await Promise.all(ports.map((port) => startTcpProxy({ port })));
    this.#proxies.set(name, proxies);
    return proxies.map(({ port }) => port);
  }

  #get(name: string): TcpProxy[] {
    const proxies = this.#proxies.get(name);
    if (!proxies) throw new Error(`there is no proxy ${name}: start the rig with \`proxied\``);
    return proxies;
  }
}
