import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { ServiceName } from '@stellwerk/contracts';
import { lastValueFrom, isObservable } from 'rxjs';
import type { Handler } from './delivery.js';
import { consumerNamed, handlerFaults } from './handler-table.js';
import { JETSTREAM } from './jetstream.js';
import { PullLoop, type PullDependencies } from './pull-loop.js';
import type { ReceivedMessage } from './received-message.js';

/** Nest's way to our consumers: each handler of the JETSTREAM transport gets the messages of the consumer it names. */
export class JetStreamStrategy extends Server implements CustomTransportStrategy {
  override transportId = JETSTREAM;
  /** Failures are settled here; without this Nest would log each a second time. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #patterns: string[] = [];
  #loops: PullLoop[] = [];

  constructor(
    private readonly service: ServiceName,
    private readonly use: PullDependencies,
    /** Resolves once streams and consumers are known to be as declared. */
    private readonly verified: () => Promise<void>,
  ) {
    super();
  }

  /** Nest would chain a second handler to the first and settle once for both. */
  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler = false, extras: Record<string, unknown> = {}): void {
    this.#patterns.push(this.normalizePattern(pattern as string));
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  /** Refuses a wrong set of handlers at once; consuming begins when the broker is there and verified. */
  listen(callback: (error?: Error) => void): void {
    const faults = handlerFaults(this.service, this.#patterns);
    if (faults.length > 0) return callback(new Error(`${this.service}: ${faults.join('; ')}`));
    this.#loops = [...this.messageHandlers].map(([pattern, handler]) =>
      new PullLoop(consumerNamed(this.service, pattern), handlerOf(handler), this.use));
    void this.verified().then(() => this.#loops.forEach((loop) => loop.start()));
    callback();
  }

  get loops(): readonly PullLoop[] {
    return this.#loops;
  }

  /** The first thing of a shutdown. */
  stopPulling(): void {
    for (const loop of this.#loops) loop.stopPulling();
  }

  async close(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }

  override on(): void {
    throw new Error('the JetStream transport has no events');
  }

  override unwrap<T>(): T {
    throw new Error('the JetStream transport has no server to unwrap');
  }
}

/** A handler's promise resolves to a stream also when it threw; only that stream's end tells the outcome. */
const handlerOf = (handler: MessageHandler): Handler => async (message: ReceivedMessage) => {
  const result: unknown = await handler(message, undefined);
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
};
