import { Injectable } from '@nestjs/common';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { PermanentError, SpanKind, StoreAwayError, backoff, inSpan, sleep, traceHeaders } from '@stellwerk/service-kit';
import { MessagingMetrics } from './messaging.metrics.js';
import { NatsLink } from './nats-link.js';
import type { OutgoingMessage } from './outgoing-message.js';
import { publishFailure } from './publish-failure.js';

export interface Published {
  /** True when the stream had this id already: success as well. */
  duplicate: boolean;
  sequence: number;
}

export interface PublishOptions {
  /** How long it may take over all tries, in ms. */
  budgetMs?: number;
}

const BUDGET_MS = 4_000;
const TRY_MS = 1_000;
const PAUSE = { min: 100, max: 500 };

@Injectable()
export class Publisher {
  #client?: JetStreamClient;

  constructor(
    private readonly link: NatsLink,
    private readonly metrics: MessagingMetrics,
  ) {}

  /**
   * Publishes and waits until the stream has stored it; repeats with the same id inside the budget.
   * Throws StoreAwayError (a RetryableError) when the broker did not confirm in time, PermanentError for a message
   * that no broker will take.
   */
  async publish(message: OutgoingMessage, { budgetMs = BUDGET_MS }: PublishOptions = {}): Promise<Published> {
    const attributes = { 'messaging.system': 'nats', 'messaging.destination.name': message.subject, 'messaging.message.id': message.id };
    const name = `publish ${message.subject.split('.')[0]}`;
    return inSpan(name, { kind: SpanKind.PRODUCER, attributes, parent: message.trace }, () => this.#publish(message, budgetMs));
  }

  async #publish(message: OutgoingMessage, budgetMs: number): Promise<Published> {
    const body = typeof message.body === 'string' ? Buffer.from(message.body) : message.body;
    const headers = natsHeaders({ ...message.headers, ...message.trace, ...traceHeaders() });
    const end = Date.now() + budgetMs;
    let reason = 'the broker is away';
    for (let attempt = 1; ; attempt += 1) {
      if (!(await this.link.whenUp(end - Date.now()))) throw away(message, reason);
      this.#refuseTooLarge(message, body.length);
      const result = await this.#try(message, body, headers, Math.min(TRY_MS, Math.max(50, end - Date.now())));
      if ('sequence' in result) return this.#counted(result);
      if (result.then === 'refused') throw new PermanentError(`${message.subject} was refused: ${result.reason}`);
      reason = result.reason;
      const pauseMs = PAUSE.min + backoff({ attempt: 1, baseMs: PAUSE.max - PAUSE.min, factor: 1, maxMs: PAUSE.max });
      if (result.then === 'away' || Date.now() + pauseMs >= end) throw away(message, reason);
      this.metrics.publishRetries.inc();
      await sleep(pauseMs);
    }
  }

  async #try(message: OutgoingMessage, body: Uint8Array, headers: MsgHdrs, timeout: number) {
    try {
      this.#client ??= jetstream(this.link.connection);
      await this.link.turn.end();
      const ack = await this.#client.publish(message.subject, body, { msgID: message.id, timeout, headers });
      return { duplicate: ack.duplicate, sequence: ack.seq };
    } catch (error) {
      return publishFailure(error, message.subject);
    }
  }

  #counted(published: Published): Published {
    this.metrics.published.inc();
    if (published.duplicate) this.metrics.publishDuplicates.inc();
    return published;
  }

  #refuseTooLarge(message: OutgoingMessage, size: number): void {
    const limit = this.link.connection.info?.max_payload;
    if (limit !== undefined && size > limit) {
      throw new PermanentError(`message ${message.id} has ${size} bytes, the NATS server takes at most ${limit} (max_payload)`);
    }
  }
}

const away = (message: OutgoingMessage, reason: string): StoreAwayError =>
  new StoreAwayError(`${message.id} could not be published to ${message.subject}: ${reason}`);

/** Line breaks would end a header early, and their values may come from outside. */
export function natsHeaders(values: Record<string, string | undefined>): MsgHdrs {
  const result = headers();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) result.append(name, value.replace(/[\r\n]+/g, ' '));
  }
  return result;
}
