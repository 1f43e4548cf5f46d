import { ClientPool } from './client-pool.ts';
import { now } from './clock.ts';
import { hookRequest } from './hook-body.ts';
import { RawClient } from './raw-client.ts';

const CONNECTIONS = 256;

export interface Target {
  readonly ports: readonly number[];
  readonly path: string;
  readonly secret: string;
}

/** What was sent: per webhook the time it was due, the time until the answer, and the answers by status. */
export interface Sent {
  readonly first: number;
  /** Monotonic ms, by number of the webhook minus `first`. */
  readonly dueAt: number[];
  readonly answerMs: number[];
  readonly statuses: Record<string, number>;
  readonly seconds: number;
}

/** Webhooks are numbered through the life of the driver: no two are of one run. */
let next = 7_000_000_000;

const request = (id: number, { path, secret }: Target): Buffer => hookRequest({ id, action: 'completed' }, { path, secret, host: '127.0.0.1' });

export class Tally {
  #own: number | undefined;
  readonly first: number;
  readonly dueAt: number[] = [];
  readonly answerMs: number[] = [];
  readonly statuses: Record<string, number> = {};
  open = 0;

  /** `first`: numbers of its own, for one of two loads at once. */
  constructor(first?: number) {
    this.#own = first;
    this.first = first ?? next;
  }

  send(target: Target, dueAt: number, by: (request: Buffer, done: (status: number) => void) => void, then: () => void): void {
    const id = this.#own === undefined ? next++ : this.#own++;
    this.dueAt.push(dueAt);
    this.open += 1;
    by(request(id, target), (status) => {
      this.open -= 1;
      this.answerMs.push(now() - dueAt);
      this.statuses[status] = (this.statuses[status] ?? 0) + 1;
      then();
    });
  }

  sent(seconds: number): Sent {
    return { first: this.first, dueAt: this.dueAt, answerMs: this.answerMs, statuses: this.statuses, seconds };
  }
}

/** So many connections, each sending the next as soon as the last was answered. */
export const closedLoop = ({ target, connections, seconds, count = Number.MAX_SAFE_INTEGER }: {
  target: Target; connections: number; seconds: number; count?: number;
}): Promise<Sent> => new Promise((resolve) => {
  const record = new Tally();
  const began = now();
  const until = began + seconds * 1000;
  const clients = Array.from({ length: connections }, (_, n) => new RawClient(target.ports[n % target.ports.length]!));
  const go = (client: RawClient): void => {
    if (now() < until && record.dueAt.length < count) return record.send(target, now(), (bytes, done) => client.send(bytes, done), () => go(client));
    if (record.open > 0) return;
    for (const each of clients) each.close();
    resolve(record.sent((now() - began) / 1000));
  };
  for (const client of clients) go(client);
});

/** A webhook every 1/rate seconds, whether or not those before were answered; times count from when it was due. */
export const openLoop = ({ target, rate, seconds, connections = CONNECTIONS, first }: {
  target: Target; rate: number; seconds: number; connections?: number; first?: number;
}): Promise<Sent> =>
  new Promise((resolve) => {
    const record = new Tally(first);
    const pool = new ClientPool(target.ports, connections);
    const total = Math.round(rate * seconds);
    const began = now() + 20;
    const dueAt = (n: number): number => began + n * 1000 / rate;
    const ended = (): void => {
      if (record.open > 0 || record.dueAt.length < total) return;
      pool.close();
      resolve(record.sent((now() - began) / 1000));
    };
    const tick = (): void => {
      while (record.dueAt.length < total && dueAt(record.dueAt.length) <= now()) {
        record.send(target, dueAt(record.dueAt.length), (bytes, done) => pool.send(bytes, done), ended);
      }
      if (record.dueAt.length < total) setTimeout(tick, 1);
    };
    tick();
  });
