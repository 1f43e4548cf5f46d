import { Logger } from '@nestjs/common';
import type { JsMsg } from '@nats-io/jetstream';
import type { ConsumerSpec } from '@stellwerk/contracts';
import { messageOf } from '@stellwerk/service-kit';
import { deadLetter, lightLetter, unknownTrigger } from './dead-letter.js';
import type { MessagingMetrics } from './messaging.metrics.js';
import type { NatsLink } from './nats-link.js';
import type { Publisher } from './publisher.js';
import { redeliveryDelay } from './redelivery-delay.js';
import type { Settling } from './verdict.js';

const ACK_MS = 5_000;

/** Acks and naks sent while disconnected vanish without an error; this long we wait for the way back. */
const BROKER_MS = 30_000;

export type Settled = 'done' | 'retried' | 'dead-lettered' | 'unconfirmed';

/** The one place that decides how a delivery ends; one settle a delivery. */
export class Settle {
  readonly #log = new Logger('settle');

  constructor(
    private readonly consumer: ConsumerSpec,
    private readonly link: NatsLink,
    private readonly publisher: Publisher,
    private readonly metrics: MessagingMetrics,
    /** From then on nobody waits for the broker any more. */
    private readonly stopping: AbortSignal,
  ) {}

  /** Never rejects. */
  async settle(message: JsMsg, verdict: Settling): Promise<Settled> {
    if (verdict.outcome === 'done') return this.#ack(message, 'done');
    if (verdict.outcome === 'retry') return this.#nak(message, verdict.delayMs);
    return this.#bury(message, verdict.reason);
  }

  /** Never tried a second time: redelivery and the inbox absorb a lost ack, a loop here would only hold the slot. */
  async #ack(message: JsMsg, settled: Settled): Promise<Settled> {
    try {
      if (!(await this.#brokerIsThere())) return this.#unconfirmed(message, 'the broker is away');
      await this.link.turn.end();
      if (await message.ackAck({ timeout: ACK_MS })) return settled;
      return this.#unconfirmed(message, 'settled before');
    } catch (error) {
      return this.#unconfirmed(message, messageOf(error));
    }
  }

  async #nak(message: JsMsg, delayMs: number): Promise<Settled> {
    try {
      if (!(await this.#brokerIsThere())) return this.#unconfirmed(message, 'the broker is away');
      message.nak(delayMs);
      await this.link.connection.flush();
      return 'retried';
    } catch (error) {
      return this.#unconfirmed(message, messageOf(error));
    }
  }

  /** First the dead letter is stored, then the original is acked: at no moment is there neither. */
  async #bury(message: JsMsg, reason: string): Promise<Settled> {
    try {
      const now = new Date();
      const letter = deadLetter(message, this.consumer, reason, now);
      await this.publisher.publish(letter).catch((error: unknown) => this.publisher.publish(lightLetter(letter, error)));
      const unknown = unknownTrigger(message, this.consumer, reason, now);
      if (unknown) await this.publisher.publish(unknown);
    } catch (error) {
      this.#log.error({ ...this.#ids(message), reason: messageOf(error) }, 'dead-letter.failed');
      return this.#nak(message, redeliveryDelay(message.info.deliveryCount));
    }
    this.metrics.deadLetters.inc({ consumer: this.consumer.name });
    this.#log.error({ ...this.#ids(message), subject: message.subject, reason }, 'message.dead-lettered');
    return this.#ack(message, 'dead-lettered');
  }

  #brokerIsThere(): Promise<boolean> {
    return this.link.whenUp(BROKER_MS, this.stopping);
  }

  #unconfirmed(message: JsMsg, reason: string): Settled {
    this.metrics.ackFailures.inc({ consumer: this.consumer.name });
    this.#log.warn({ ...this.#ids(message), reason }, 'settle.unconfirmed');
    return 'unconfirmed';
  }

  #ids(message: JsMsg): Record<string, unknown> {
    return { consumer: this.consumer.name, sequence: message.seq, deliveries: message.info.deliveryCount, messageId: message.headers?.get('Nats-Msg-Id') };
  }
}
