import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { IngressMetrics } from '../ingress.metrics.js';
import type { Delivery } from './delivery.js';

/** Hooks remembered, in this process alone: a repeat is noted, not refused, so none has to be found. */
const REMEMBERED = 10_000;

/**
 * Looks for words that were signed once and come again under another delivery id. GitHub signs no id and no time, so
 * whoever got hold of a delivery could send it so. It starts nothing a second time, as its event is the same fact.
 */
@Injectable()
export class Repeats {
  readonly #log = new Logger('hooks');
  readonly #seen = new LRUCache<string, { hook: string; told: boolean }>({ max: REMEMBERED });

  constructor(private readonly metrics: IngressMetrics) {}

  /** Notes a verified delivery under the id it was stored with. */
  note({ open, headers, body, query }: Delivery, id: string): void {
    const signed = open.platform.fingerprint?.({ headers, body, query });
    if (signed === undefined) return;
    const key = `${open.name} ${signed}`;
    const first = this.#seen.get(key);
    if (first === undefined) return void this.#seen.set(key, { hook: id, told: false });
    if (first.hook === id) return;
    this.metrics.suspiciousRepeats.inc({ connection: open.name });
    // Once for the same words: thousands of them are one attack.
    if (!first.told) this.#log.warn({ connection: open.name, hook: id, first: first.hook }, 'hook.suspicious-repeat');
    first.told = true;
  }
}
