import { Injectable } from '@nestjs/common';
import { RetryableError, failpoint, traceHeaders } from '@stellwerk/service-kit';
import type { HookMessage } from '../spool/hook-message.js';
import { PublishHook } from '../spool/publish-hook.js';
import { Spool } from '../spool/spool.js';
import { within } from '../spool/within.js';
import type { Delivery } from './delivery.js';
import { storedHook } from './stored-hook.js';

/**
 * Senders wait 10 s at most (GitHub, GitLab). In the worst case all three follow each other:
 *
 *   keep a large body | publish | spool | sum
 *   2.5 s             | 3.5 s   | 2.5 s | 8.5 s
 */
const STORE_MS = 2_500;
const PUBLISH_MS = 3_000;
/** More than the publisher's own budget, which ends between two tries. */
const PUBLISH_ENDS_MS = 3_500;

/** Once NATS was found away, the next hooks ask only shortly before they go to the spool. */
const PUBLISH_WHILE_AWAY_MS = 250;
const AWAY_FOR_MS = 5_000;

export interface Received {
  readonly id: string;
  readonly duplicate: boolean;
}

/** Postgres is away: a broker that takes large messages can have the body after all. */
const wholeAfter = (error: unknown, hook: HookMessage): HookMessage => {
  if (error instanceof RetryableError) return hook;
  throw error;
};

/** Says yes only after something durable has: JetStream, else the spool in Postgres. */
@Injectable()
export class ReceiveHook {
  #awayUntil = 0;

  constructor(
    private readonly publishHook: PublishHook,
    private readonly spool: Spool,
  ) {}

  /** Throws when nothing durable could take it. */
  async run(delivery: Delivery): Promise<Received> {
    const hook = storedHook(delivery);
    const message = await within(STORE_MS, this.publishHook.prepare(hook)).catch((error: unknown) => wholeAfter(error, hook));
    failpoint('ingress.before-publish');
    const duplicate = await this.#publish(message).catch((error: unknown) => this.#spoolAfter(error, message));
    failpoint('ingress.after-publish');
    return { id: hook.id, duplicate };
  }

  async #publish(message: HookMessage): Promise<boolean> {
    const budgetMs = Date.now() < this.#awayUntil ? PUBLISH_WHILE_AWAY_MS : PUBLISH_MS;
    const duplicate = await within(PUBLISH_ENDS_MS, this.publishHook.run(message, { budgetMs }));
    this.#awayUntil = 0;
    return duplicate;
  }

  async #spoolAfter(error: unknown, message: HookMessage): Promise<boolean> {
    if (!(error instanceof RetryableError)) throw error;
    this.#awayUntil = Date.now() + AWAY_FOR_MS;
    return within(STORE_MS, this.spool.put(message, traceHeaders()));
  }
}
