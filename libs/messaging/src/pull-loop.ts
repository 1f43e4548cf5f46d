import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { jetstream, type Consumer, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import type { ConsumerSpec } from '@stellwerk/contracts';
import { messageOf, sleep } from '@stellwerk/service-kit';
import { Delivery, type Handler } from './delivery.js';
import type { MessagingMetrics } from './messaging.metrics.js';
import type { NatsLink } from './nats-link.js';
import type { Publisher } from './publisher.js';
import { Settle } from './settle.js';
import { Slots } from './slots.js';

/**
 * One pull asks for no more than the free slots and is followed by the next when it is used up: a message's ack clock
 * runs from its delivery, so none may wait in a queue of ours. `consume()` refills before its messages are handled.
 */
const PULL = { expires: 30_000, idle_heartbeat: 5_000 };

const GRACE_MS = 15_000;
const ABORTED_MS = 2_000;
const PAUSE_MS = 500;
const HANDED_BACK_MS = 200;
const BROKER_MS = 3_600_000;

/** A pull without a message ends after `expires`, one on a silent broker sooner: a loop that turns does so within this. */
const TURN_MS = 45_000;
/** What the client says of the broker's silence; it has no code. */
const SILENT = 'heartbeats missed';

export interface PullDependencies {
  link: NatsLink;
  publisher: Publisher;
  metrics: MessagingMetrics;
}

/** Pulls and handles the messages of one consumer, until stopped. */
export class PullLoop {
  readonly #log = new Logger('consumer');
  readonly #slots: Slots;
  readonly #settle: Settle;
  readonly #held = new Map<number, Delivery>();
  readonly #stopping = new AbortController();
  readonly #abort = new AbortController();
  #pull?: ConsumerMessages;
  #running?: Promise<void>;
  #turnedAt = Date.now();
  #idle?: () => void;

  constructor(
    readonly consumer: ConsumerSpec,
    private readonly handler: Handler,
    private readonly use: PullDependencies,
  ) {
    this.#slots = new Slots(consumer.slots);
    this.#settle = new Settle(consumer, use.link, use.publisher, use.metrics, this.#stopping.signal);
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Readiness check. */
  check(): void {
    if (!this.#running) throw new Error(`${this.consumer.name} is not consumed yet`);
  }

  /** False: it hangs. Waiting for slots or for the broker is no hanging. */
  get alive(): boolean {
    return Date.now() - this.#turnedAt < TURN_MS || this.#slots.free <= 0 || !this.use.link.up;
  }

  /** From here nothing new is begun. */
  stopPulling(): void {
    this.#stopping.abort();
    this.#slots.wake();
    this.#pull?.stop();
  }

  /** Lets what is held finish within the grace, then tells it to end. */
  async stop(graceMs = GRACE_MS): Promise<void> {
    this.stopPulling();
    await this.#running;
    if (await this.#emptyWithin(graceMs)) return;
    this.#log.warn({ consumer: this.consumer.name, held: this.#held.size }, 'handlers.aborted');
    this.#abort.abort();
    await this.#emptyWithin(ABORTED_MS);
  }

  async #run(): Promise<void> {
    const forget = this.use.link.onDisconnect(() => this.#pull?.stop());
    let consumer: Consumer | undefined;
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#slots.whenFree();
        // Messages of one group are done in one turn: asking after it asks for all of their slots at once.
        await nextTurn();
        if (!(await this.use.link.whenUp(BROKER_MS, this.#stopping.signal)) || this.#stopping.signal.aborted) continue;
        consumer ??= await jetstream(this.use.link.connection).consumers.get(this.consumer.stream, this.consumer.name);
        this.#turnedAt = Date.now();
        await this.#pullOnce(consumer);
      } catch (error) {
        consumer = undefined;
        if (messageOf(error) === SILENT) this.use.metrics.missedHeartbeats.inc({ consumer: this.consumer.name });
        this.use.metrics.pullFailures.inc({ consumer: this.consumer.name });
        this.#log.warn({ consumer: this.consumer.name, reason: messageOf(error) }, 'pull.failed');
        await sleep(PAUSE_MS, this.#stopping.signal);
      }
    }
    forget();
  }

  async #pullOnce(consumer: Consumer): Promise<void> {
    this.#pull = await consumer.fetch({ max_messages: this.#slots.free, ...PULL });
    if (this.#stopping.signal.aborted) this.#pull.stop();
    try {
      for await (const message of this.#pull) this.#receive(message);
    } finally {
      this.#pull = undefined;
    }
  }

  #receive(message: JsMsg): void {
    const held = this.#held.get(message.seq);
    if (held) return held.renew(message);
    // Still in our hands but not begun: another replica takes it at once.
    if (this.#stopping.signal.aborted) return message.nak(HANDED_BACK_MS);
    void this.#handle(message);
  }

  async #handle(message: JsMsg): Promise<void> {
    const { metrics } = this.use;
    const delivery = new Delivery(message, {
      consumer: this.consumer, handler: this.handler, settle: this.#settle, metrics, stopping: this.#stopping.signal, abort: this.#abort.signal,
      onHandled: () => this.#slots.release(),
    });
    this.#slots.take();
    this.#held.set(message.seq, delivery);
    metrics.held.set({ consumer: this.consumer.name }, this.#held.size);
    await delivery.run();
    this.#held.delete(message.seq);
    metrics.held.set({ consumer: this.consumer.name }, this.#held.size);
    if (this.#held.size === 0) this.#idle?.();
  }

  async #emptyWithin(ms: number): Promise<boolean> {
    if (this.#held.size === 0) return true;
    const empty = new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
    await Promise.race([empty, sleep(ms)]);
    return this.#held.size === 0;
  }
}
