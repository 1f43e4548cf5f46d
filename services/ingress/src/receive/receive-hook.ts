import { Injectable, Logger } from '@nestjs/common';
import { PermanentError, RetryableError, failpoint, messageOf, traceHeaders } from '@stellwerk/service-kit';
import type { HookMessage } from '../spool/hook-message.js';
import { PublishHook, isLarge } from '../spool/publish-hook.js';
import { Spool } from '../spool/spool.js';
import { within } from '../spool/within.js';
import type { Delivery } from './delivery.js';
import { Repeats } from './repeats.js';
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

/** Says yes only after something durable has: JetStream, else the spool in Postgres. */
@Injectable()
export class ReceiveHook {
  readonly #log = new Logger('hooks');
  #awayUntil = 0;

  constructor(
    private readonly publishHook: PublishHook,
    private readonly spool: Spool,
    private readonly repeats: Repeats,
  ) {}

  /** Throws when nothing durable could take it. */
  async run(delivery: Delivery): Promise<Received> {
    const hook = storedHook(delivery);
    const message = isLarge(hook) ? await this.#withKeptBody(hook) : hook;
    failpoint('ingress.before-publish');
    const duplicate = await this.#publish(message).catch((error: unknown) => this.#spoolAfter(error, message));
    failpoint('ingress.after-publish');
    this.repeats.note(delivery, hook.id);
    return { id: hook.id, duplicate };
  }

  /** A broker that takes large messages can have the body after all. */
  async #withKeptBody(hook: HookMessage): Promise<HookMessage> {
    try {
      return await within(STORE_MS, this.publishHook.keepBody(hook));
    } catch (error) {
      this.#log.warn({ hook: hook.id, reason: messageOf(error) }, 'hook.body-not-kept');
      return hook;
    }
  }

  async #publish(message: HookMessage): Promise<boolean> {
    const budgetMs = Date.now() < this.#awayUntil ? PUBLISH_WHILE_AWAY_MS : PUBLISH_MS;
    const duplicate = await within(PUBLISH_ENDS_MS, this.publishHook.run(message, { budgetMs }));
    this.#awayUntil = 0;
    return duplicate;
  }

  /** Whatever went wrong, it is no proof that the hook is stored: Postgres shall have it, and a person is told of what was no outage. */
  async #spoolAfter(error: unknown, message: HookMessage): Promise<boolean> {
    if (!(error instanceof PermanentError)) this.#awayUntil = Date.now() + AWAY_FOR_MS;
    if (!(error instanceof RetryableError)) this.#log.error({ hook: message.id, reason: messageOf(error) }, 'hook.not-published');
    return within(STORE_MS, this.spool.put(message, traceHeaders()));
  }
}
