import { Injectable } from '@nestjs/common';
import { ANSWERING, configRequest, type ConfigInForce, type ServiceName } from '@stellwerk/contracts';
import { Resources } from '@stellwerk/config';
import { RequestClient } from '@stellwerk/messaging';
import type { ServiceConfigView } from './flow.response.js';

/** A list of flows should not wait longer for who is away. */
const TIMEOUT_MS = 1_000;
const FRESH_MS = 5_000;
/** Each time one replica of a service answers; who looks again hears others. */
const REMEMBERED_MS = 30_000;

/** What the other services have in force: files reach them one after the other, and one that refused a change goes on with the old set. */
@Injectable()
export class ConfigElsewhere {
  /** By service: when each revision was last said. */
  readonly #heard = new Map<ServiceName, Map<string, number>>();
  #asked = { at: -Infinity, done: Promise.resolve() };

  constructor(
    private readonly requests: RequestClient,
    private readonly resources: Resources,
  ) {
    // What was said before a change says nothing about after it.
    resources.onChange(() => {
      this.#heard.clear();
      this.#asked.at = -Infinity;
    });
  }

  /** Asks them, unless that was done just now. */
  async view(): Promise<ServiceConfigView[]> {
    if (Date.now() - this.#asked.at > FRESH_MS) this.#asked = { at: Date.now(), done: this.#askAll() };
    await this.#asked.done;
    const { revision } = this.resources.current();
    return ANSWERING.map((service) => {
      const revisions = this.#revisionsOf(service);
      return { service, revisions, agrees: revisions.length === 0 ? null : revisions.every((said) => said === revision) };
    });
  }

  async #askAll(): Promise<void> {
    await Promise.all(ANSWERING.map(async (service) => {
      // No answer is an answer: nothing is known of it then.
      const answer = await this.requests.ask<ConfigInForce>(configRequest(service), {}, TIMEOUT_MS).catch(() => undefined);
      if (answer) this.#heard.set(service, (this.#heard.get(service) ?? new Map<string, number>()).set(answer.revision, Date.now()));
    }));
  }

  #revisionsOf(service: ServiceName): string[] {
    const now = Date.now();
    return [...(this.#heard.get(service) ?? [])].filter(([, at]) => now - at < REMEMBERED_MS).map(([revision]) => revision).sort();
  }
}
