import { Logger } from '@nestjs/common';
import type { JsMsg } from '@nats-io/jetstream';
import { ACK_WAIT_SECONDS, MAX_DELIVERIES, type ConsumerSpec } from '@stellwerk/contracts';
import { SpanKind, backoff, inSpan, messageOf, sleep } from '@stellwerk/service-kit';
import { plainHeaders } from './dead-letter.js';
import type { MessagingMetrics } from './messaging.metrics.js';
import { ReceivedMessage } from './received-message.js';
import { redeliveryDelay } from './redelivery-delay.js';
import type { Settle } from './settle.js';
import { DONE, verdictOf, type Settling, type Verdict } from './verdict.js';

/** Runs the service's handler; resolves when it is done, rejects with what it threw. */
export type Handler = (message: ReceivedMessage) => Promise<void>;

export interface DeliveryContext {
  consumer: ConsumerSpec;
  handler: Handler;
  settle: Settle;
  metrics: MessagingMetrics;
  /** Given when pulling stops: what waits for a store is handed back. */
  stopping: AbortSignal;
  /** Given when the grace is over: handlers shall end now. */
  abort: AbortSignal;
  /** Called when the handler is through; what is left is to have the settle confirmed, which takes no slot. */
  onHandled(): void;
}

const WORKING_EVERY_MS = (ACK_WAIT_SECONDS * 1_000) / 3;

/** A handler that hangs for longer loses its message to another replica; waiting for a store does not count. */
const WORKING_CAP_MS = 10 * 60_000;

const HOLD = { baseMs: 250, factor: 2, maxMs: 5_000 };

/** One message from its delivery to its settle. */
export class Delivery {
  readonly #log = new Logger('consumer');
  readonly #context: DeliveryContext;
  readonly #since = Date.now();
  #message: JsMsg;
  #verdict?: Settling;
  #extendUntil = this.#since + WORKING_CAP_MS;

  constructor(message: JsMsg, context: DeliveryContext) {
    this.#message = message;
    this.#context = context;
  }

  /**
   * The broker delivered it again while we still hold it: only the newest delivery can be settled. A broker that
   * crashed has forgotten deliveries of its last seconds and answers nothing to their acks; the new one is settled
   * with the verdict there is.
   */
  renew(message: JsMsg): void {
    this.#message = message;
    if (this.#verdict) void this.#context.settle.settle(message, this.#verdict);
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const { consumer, settle, metrics } = this.#context;
    const working = setInterval(() => this.#extend(), WORKING_EVERY_MS);
    try {
      this.#verdict = await this.#judge();
      this.#context.onHandled();
      const outcome = await settle.settle(this.#message, this.#verdict);
      metrics.deliveries.inc({ consumer: consumer.name, outcome });
      if (this.#verdict.outcome !== 'retry') metrics.deliveriesPerMessage.observe({ consumer: consumer.name }, this.#message.info.deliveryCount);
      this.#tell(this.#verdict, outcome);
    } catch (error) {
      this.#log.error({ ...this.#ids(), reason: messageOf(error) }, 'delivery.failed');
      if (!this.#verdict) this.#context.onHandled();
    } finally {
      clearInterval(working);
      metrics.handleSeconds.observe({ consumer: consumer.name }, (Date.now() - this.#since) / 1_000);
    }
  }

  /** Poison is caught before anything is parsed: also what kills the process comes to an end. */
  async #judge(): Promise<Settling> {
    const { deliveryCount } = this.#message.info;
    const { consumer, metrics, stopping } = this.#context;
    if (deliveryCount > 1) metrics.redeliveries.inc({ consumer: consumer.name });
    if (deliveryCount > MAX_DELIVERIES) return { outcome: 'dead', reason: `delivered ${deliveryCount} times without success` };
    for (let attempt = 1; ; attempt += 1) {
      const verdict = await this.#handle();
      if (verdict.outcome !== 'hold') return verdict;
      this.#log.warn({ ...this.#ids(), attempt, reason: verdict.reason }, 'message.held');
      await sleep(250 + backoff({ attempt, ...HOLD }), stopping);
      if (stopping.aborted) return { outcome: 'retry', delayMs: redeliveryDelay(1), reason: verdict.reason };
      this.#extendUntil = Date.now() + WORKING_CAP_MS;
    }
  }

  async #handle(): Promise<Verdict> {
    const { consumer, handler, abort } = this.#context;
    const raw = this.#message;
    const message = new ReceivedMessage({
      subject: raw.subject,
      headers: plainHeaders(raw),
      body: Buffer.from(raw.data.buffer, raw.data.byteOffset, raw.data.byteLength),
      deliveries: raw.info.deliveryCount,
      sequence: raw.seq,
      signal: abort,
    });
    const attributes = {
      'messaging.system': 'nats', 'messaging.consumer.group.name': consumer.name, 'messaging.destination.name': raw.subject,
      'messaging.message.id': message.headers['nats-msg-id'] ?? '', 'stellwerk.deliveries': message.deliveries,
    };
    try {
      await inSpan(`process ${consumer.name}`, { kind: SpanKind.CONSUMER, attributes, parent: message.trace }, () => handler(message));
      return DONE;
    } catch (error) {
      return verdictOf(error, message.deliveries);
    }
  }

  #extend(): void {
    if (Date.now() < this.#extendUntil) this.#message.working();
    else this.#log.error(this.#ids(), 'handler.hangs');
  }

  #tell(verdict: Verdict, outcome: string): void {
    const fields = { ...this.#ids(), outcome, ms: Date.now() - this.#since };
    if (verdict.outcome === 'retry') this.#log.warn({ ...fields, delayMs: verdict.delayMs, reason: verdict.reason }, 'message.retried');
    else this.#log.debug(fields, 'message.settled');
  }

  #ids(): Record<string, unknown> {
    const { seq, subject, info, headers } = this.#message;
    return { consumer: this.#context.consumer.name, sequence: seq, subject, deliveries: info.deliveryCount, messageId: headers?.get('Nats-Msg-Id') };
  }
}
