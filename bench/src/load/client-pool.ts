import { RawClient } from './raw-client.ts';

/** Sends at once as long as a connection is free or may be opened; else in order, as soon as one is. */
export class ClientPool {
  readonly #free: RawClient[] = [];
  readonly #queue: { request: Buffer; done: (status: number) => void }[] = [];
  readonly #ports: readonly number[];
  readonly #most: number;
  #open = 0;

  constructor(ports: readonly number[], most: number) {
    this.#ports = ports;
    this.#most = most;
  }

  send(request: Buffer, done: (status: number) => void): void {
    const client = this.#free.pop() ?? this.#another();
    if (client) this.#use(client, request, done);
    else this.#queue.push({ request, done });
  }

  close(): void {
    for (const client of this.#free) client.close();
  }

  #another(): RawClient | undefined {
    if (this.#open >= this.#most) return undefined;
    this.#open += 1;
    return new RawClient(this.#ports[this.#open % this.#ports.length]!);
  }

  #use(client: RawClient, request: Buffer, done: (status: number) => void): void {
    client.send(request, (status) => {
      done(status);
      const next = this.#queue.shift();
      if (next) this.#use(client, next.request, next.done);
      else this.#free.push(client);
    });
  }
}
