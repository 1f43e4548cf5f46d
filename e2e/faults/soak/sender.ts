import { Agent, request } from 'undici';
import type { Delivery, LedgerLine, Random, Rig } from '@stellwerk/testing/rig';
import { DUPLICATES, MIX } from './setup.ts';

export interface SenderCounts { made: number; accepted: number; requests: number; doubles: number; refusals: number }

/** What is told of each request, and of each webhook when it is made and when it has its first 2xx. */
export interface SenderListener {
  made(delivery: Delivery): void;
  accepted(delivery: Delivery): void;
  request?(delivery: Delivery, outcome: Pick<LedgerLine, 'at' | 'status' | 'error' | 'ms' | 'door'>): void;
}

export interface SenderOptions {
  events: number;
  rate?: number;
  until: number;
  /** True while the system is behind: nothing new is sent. */
  mustWait: () => boolean;
}

const IN_FLIGHT = 48;
/** Webhooks leave in any order within a window of so many; a double follows within another one. */
const WINDOW = 64;
const AGAIN_MS = 200;
const ANSWER_MS = 10_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Sends webhooks until each has a 2xx. Keeps no more in memory than is in flight. */
export class SoakSender {
  readonly counts: SenderCounts = { made: 0, accepted: 0, requests: 0, doubles: 0, refusals: 0 };
  readonly #rig: Rig;
  readonly #random: Random;
  readonly #listener: SenderListener;
  readonly #window: { delivery: Delivery; double: boolean }[] = [];
  readonly #agent = new Agent({ connections: IN_FLIGHT, pipelining: 1, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS, connectTimeout: ANSWER_MS });

  constructor(rig: Rig, random: Random, listener: SenderListener) {
    this.#rig = rig;
    this.#random = random;
    this.#listener = listener;
  }

  async run(options: SenderOptions): Promise<void> {
    const began = performance.now();
    let left = 0;
    const worker = async (): Promise<void> => {
      for (let one = this.#next(options); one; one = this.#next(options)) {
        const early = options.rate === undefined ? 0 : began + (left++ * 1_000) / options.rate - performance.now();
        if (early > 1) await pause(early);
        while (options.mustWait() && Date.now() < options.until) await pause(100);
        await this.#deliver(one.delivery, one.double);
      }
    };
    try {
      await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    } finally {
      await this.#agent.destroy();
    }
  }

  #flow(): string {
    let draw = this.#random.next();
    return (MIX.find(([, share]) => (draw -= share) < 0) ?? MIX[0]!)[0];
  }

  #next({ events, until }: SenderOptions): { delivery: Delivery; double: boolean } | undefined {
    while (this.#window.length < WINDOW && this.counts.made < events && Date.now() < until) {
      const delivery = this.#rig.driver.payloads.green(this.#flow());
      this.counts.made += 1;
      this.#listener.made(delivery);
      this.#window.push({ delivery, double: false });
      if (this.#random.next() < DUPLICATES) this.#window.push({ delivery, double: true });
    }
    return this.#window.splice(this.#random.integer(this.#window.length), 1)[0];
  }

  async #deliver(delivery: Delivery, double: boolean): Promise<void> {
    while (!(await this.#once(delivery))) {
      this.counts.refusals += 1;
      await pause(AGAIN_MS);
    }
    if (double) this.counts.doubles += 1;
    else {
      this.counts.accepted += 1;
      this.#listener.accepted(delivery);
    }
  }

  async #once(delivery: Delivery): Promise<boolean> {
    const began = performance.now();
    const [door] = this.#rig.front.doors();
    if (!door) return false;
    const tell = (outcome: { status?: number; error?: string }): void =>
      this.#listener.request?.(delivery, { at: new Date().toISOString(), door, ms: Math.round(performance.now() - began), ...outcome });
    this.counts.requests += 1;
    try {
      const { statusCode, body } = await request(`${door}${delivery.path}`, { method: 'POST', dispatcher: this.#agent, headers: delivery.headers, body: delivery.body });
      await body.dump();
      tell({ status: statusCode });
      return statusCode >= 200 && statusCode < 300;
    } catch (error) {
      tell({ error: (error as NodeJS.ErrnoException).code ?? (error as Error).message });
      return false;
    }
  }
}
