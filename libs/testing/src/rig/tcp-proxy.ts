import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface TcpTarget { host?: string; port: number }

/** `up`: what the client sends; `down`: what it is sent. */
export type Direction = 'up' | 'down';

/** A line that can be cut, go dead in either direction, or be slow. */
export class TcpProxy {
  readonly #target: TcpTarget;
  readonly #server: Server;
  readonly #pairs = new Set<{ client: Socket; target: Socket }>();
  #mode: 'open' | 'refusing' | 'swallowing' = 'open';
  #swallows: readonly Direction[] = [];
  #delayMs = 0;
  /** Bytes that went in and not out, so far. */
  swallowed = 0;

  constructor(target: TcpTarget) {
    this.#target = target;
    this.#server = createServer((client) => this.#join(client));
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve, reject) => this.#server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  /** Resets every connection; with `refuse` new ones are reset too, until `heal`. */
  cut({ refuse = false } = {}): void {
    if (refuse) this.#mode = 'refusing';
    for (const { client, target } of this.#pairs) {
      client.resetAndDestroy();
      target.resetAndDestroy();
    }
  }

  /** Half-open: connections stay, new ones are taken, and not a byte goes through in these directions. What was sent meanwhile is lost. */
  swallow(...directions: Direction[]): void {
    this.#mode = 'swallowing';
    this.#swallows = directions.length > 0 ? directions : ['up', 'down'];
  }

  /** Every piece of data is late by this much, in order. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** As before; connections that lost bytes are reset, as no protocol survives a gap. */
  heal(): void {
    const gap = this.#mode === 'swallowing';
    this.#mode = 'open';
    this.#delayMs = 0;
    if (gap) this.cut();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    // Without a listener an error event would end the process; the close that follows does the work.
    client.on('error', () => undefined);
    if (this.#mode === 'refusing') return void client.resetAndDestroy();
    const target = connect({ host: this.#target.host ?? '127.0.0.1', port: this.#target.port, noDelay: true });
    target.on('error', () => undefined);
    client.setNoDelay(true);
    const pair = { client, target };
    this.#pairs.add(pair);
    this.#pipe(client, target, 'up');
    this.#pipe(target, client, 'down');
    const end = (): void => {
      this.#pairs.delete(pair);
      client.destroy();
      target.destroy();
    };
    client.once('close', end);
    target.once('close', end);
  }

  #pipe(from: Socket, to: Socket, direction: Direction): void {
    const pass = (bytes: Buffer): void => (this.#mode === 'swallowing' && this.#swallows.includes(direction) ? this.#lose(bytes) : this.#write(from, to, bytes));
    from.on('data', (bytes) => {
      if (this.#delayMs > 0) return void setTimeout(() => pass(bytes), this.#delayMs);
      pass(bytes);
    });
    from.on('end', () => to.end());
  }

  #lose(bytes: Buffer): void {
    this.swallowed += bytes.length;
  }

  #write(from: Socket, to: Socket, bytes: Buffer): void {
    if (to.destroyed) return;
    if (to.write(bytes)) return;
    from.pause();
    to.once('drain', () => from.resume());
  }
}

/** A proxy on a free loopback port. */
export const startTcpProxy = (target: TcpTarget): Promise<TcpProxy> => new TcpProxy(target).listen();
