import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { IngressConfig } from '../ingress.config.js';
import { IngressMetrics } from '../ingress.metrics.js';

/** What is left to a sender, and since when. */
interface Allowance {
  left: number;
  at: number;
  limited: boolean;
}

/** The addresses remembered: some megabytes at most, however many a flood invents. */
const REMEMBERED = 10_000;

const MINUTE_MS = 60_000;

/**
 * How often an address may knock without a signature that fits: so many times a minute. Asked only after a request has
 * failed, so whoever signs rightly is never held up, whatever else comes from the same address.
 */
@Injectable()
export class UnverifiedSenders {
  readonly #log = new Logger('hooks');
  readonly #allowances = new LRUCache<string, Allowance>({ max: REMEMBERED });

  constructor(
    private readonly config: IngressConfig,
    private readonly metrics: IngressMetrics,
  ) {}

  /** Counts a failure of this address. Gives how many seconds it has to wait, or nothing while it is within its allowance. */
  failed(address: string, now = Date.now()): number | undefined {
    const most = this.config.unverifiedPerMinute;
    const known = this.#allowances.get(address) ?? { left: most, at: now, limited: false };
    const left = Math.min(most, known.left + ((now - known.at) / MINUTE_MS) * most);
    const limited = left < 1;
    this.#allowances.set(address, { left: limited ? left : left - 1, at: now, limited });
    if (!limited) return undefined;
    if (!known.limited) this.#begins(address);
    return Math.ceil(((1 - left) / most) * (MINUTE_MS / 1_000));
  }

  /** Said once: a line for each request would be the flood's second harm. */
  #begins(client: string): void {
    this.metrics.limitedSenders.inc();
    this.#log.warn({ client, perMinute: this.config.unverifiedPerMinute }, 'sender.limited');
  }
}
