import { Agent, request } from 'undici';
import { waitFor } from '../../wait-for.js';
import type { Ledger, LedgerLine } from './ledger.js';
import type { Delivery, GithubPayloads } from './payload.js';
import type { Random } from './random.js';

export interface LoadOptions {
  /** Flows whose hooks are sent, drawn at random. */
  flows?: readonly string[];
  /** Deliveries to send; with `seconds` whichever ends first. */
  count?: number;
  seconds?: number;
  /** Open loop: deliveries a second, whatever the answers take. */
  perSecond?: number;
  /** Closed loop: requests in flight. Default 8 without `perSecond`. */
  connections?: number;
  /** Share of deliveries that are sent twice. */
  duplicates?: number;
  /** Deliveries leave in a random order within a window of so many. */
  reorder?: number;
  /** As a patient sender: sends again what had no 2xx, until it has. */
  repeat?: boolean;
  signal?: AbortSignal;
}

export interface DriverOptions {
  /** Addresses to try in this order; the next one only when a connection is refused. */
  doors: () => readonly string[];
  payloads: GithubPayloads;
  ledger: Ledger;
  random: Random;
}

const ANSWER_MS = 10_000;
const AGAIN_MS = 100;
const PATIENCE_MS = 120_000;

/** Sends hooks as a platform does, and writes down what was answered. */
export class HookDriver {
  readonly payloads: GithubPayloads;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly #doors: () => readonly string[];
  readonly #agent = new Agent({ connections: 256, pipelining: 1, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS, connectTimeout: ANSWER_MS });

  constructor({ doors, payloads, ledger, random }: DriverOptions) {
    this.#doors = doors;
    this.payloads = payloads;
    this.ledger = ledger;
    this.random = random;
  }

  /** A new delivery of a green run of `acme/<flow>`, not sent yet. */
  make(flow = 'one'): Delivery {
    return this.payloads.green(flow);
  }

  /** Sends it once; never rejects: what happened is in the line. */
  async send(delivery: Delivery, door?: string): Promise<LedgerLine> {
    const doors = door === undefined ? this.#doors() : [door];
    let line: Promise<LedgerLine> | undefined;
    for (const one of doors) {
      const result = await this.#once(delivery, one);
      line = Promise.resolve(result.line());
      if (!result.refused) break;
    }
    return line ?? this.ledger.note(delivery, { at: new Date().toISOString(), ms: 0, door: 'none', error: 'no door is ready' });
  }

  /** Sends it until it has a 2xx. */
  async deliver(delivery: Delivery, timeoutMs = PATIENCE_MS): Promise<LedgerLine> {
    return waitFor(async () => {
      const line = await this.send(delivery);
      return isAccepted(line) ? line : undefined;
    }, { what: `a 2xx for delivery ${delivery.id}`, timeoutMs, everyMs: AGAIN_MS });
  }

  /** A load of deliveries; gives those that were made, in the order of making. */
  async load(options: LoadOptions): Promise<Delivery[]> {
    const made: Delivery[] = [];
    const next = this.#source(options, made);
    if (options.perSecond === undefined) await this.#closed(next, options);
    else await this.#open(next, options.perSecond, options);
    return made;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
    await this.ledger.close();
  }

  // Deliveries with their doubles, mixed within the window; undefined at the end.
  #source({ flows = ['one'], count = Infinity, seconds = Infinity, duplicates = 0, reorder = 1, signal }: LoadOptions, made: Delivery[]): () => Delivery | undefined {
    const until = Date.now() + seconds * 1_000;
    const window: Delivery[] = [];
    const fill = (): void => {
      while (window.length < Math.max(1, reorder) && made.length < count && Date.now() < until && !signal?.aborted) {
        const delivery = this.payloads.green(this.random.pick(flows));
        made.push(delivery);
        window.push(delivery);
        if (this.random.next() < duplicates) window.push(delivery);
      }
    };
    return () => {
      fill();
      return window.length === 0 ? undefined : window.splice(this.random.integer(window.length), 1)[0];
    };
  }

  async #closed(next: () => Delivery | undefined, { connections = 8, repeat }: LoadOptions): Promise<void> {
    const worker = async (): Promise<void> => {
      for (let delivery = next(); delivery; delivery = next()) await (repeat ? this.deliver(delivery) : this.send(delivery));
    };
    await Promise.all(Array.from({ length: connections }, worker));
  }

  // Keeps to the clock: what a late timer missed leaves at once.
  async #open(next: () => Delivery | undefined, perSecond: number, { repeat }: LoadOptions): Promise<void> {
    const began = performance.now();
    const inFlight = new Set<Promise<unknown>>();
    for (let sent = 0; ; sent += 1) {
      const early = began + (sent * 1_000) / perSecond - performance.now();
      if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
      const delivery = next();
      if (!delivery) break;
      const work: Promise<unknown> = (repeat ? this.deliver(delivery) : this.send(delivery)).finally(() => inFlight.delete(work));
      inFlight.add(work);
    }
    await Promise.all(inFlight);
  }

  async #once(delivery: Delivery, door: string): Promise<{ refused: boolean; line: () => LedgerLine }> {
    const at = new Date().toISOString();
    const began = performance.now();
    const line = (outcome: { status?: number; error?: string }) => (): LedgerLine =>
      this.ledger.note(delivery, { at, door, ms: Math.round((performance.now() - began) * 100) / 100, ...outcome });
    try {
      const { statusCode, body } = await request(`${door}${delivery.path}`, { method: 'POST', dispatcher: this.#agent, headers: delivery.headers, body: delivery.body });
      await body.dump();
      return { refused: false, line: line({ status: statusCode }) };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return { refused: code === 'ECONNREFUSED', line: line({ error: code ?? message }) };
    }
  }
}

export const isAccepted = ({ status }: LedgerLine): boolean => status !== undefined && status >= 200 && status < 300;
