import { Injectable, Logger } from '@nestjs/common';
import { PermanentError, messageOf, type TraceHeaders } from '@stellwerk/service-kit';
import type { HookMessage } from './hook-message.js';
import { PublishHook } from './publish-hook.js';
import { SpoolRepository } from './spool.repository.js';

const BATCH = 50;
/** Much longer than a batch takes, which is the time of one publish; a replica that died gives its claim up so. */
const CLAIM_SECONDS = 30;
/** A broker that refuses a message may be mended; the others need not wait for that. */
const REFUSED_SECONDS = 60;

const traceOf = ({ headers: { traceparent, tracestate } }: HookMessage): TraceHeaders => ({
  ...(traceparent && { traceparent }),
  ...(tracestate && { tracestate }),
});

interface Failure {
  readonly hook: HookMessage;
  readonly reason: unknown;
}

/**
 * Hands waiting hooks to JetStream, the oldest first, each removed only after it was taken. One that was taken but not
 * removed (we died between) is published again under the same id: JetStream drops it, or the router's inbox does.
 */
@Injectable()
export class DrainSpool {
  readonly #log = new Logger('spool');

  constructor(
    private readonly repository: SpoolRepository,
    private readonly publishHook: PublishHook,
  ) {}

  /** Until the spool is empty. Throws RetryableError when NATS or Postgres is away again. */
  async run(): Promise<number> {
    let drained = 0;
    for (;;) {
      const hooks = await this.repository.claim(CLAIM_SECONDS, BATCH);
      if (hooks.length === 0) return drained;
      drained += await this.#publishAll(hooks);
    }
  }

  /**
   * The first alone: when the broker is still away, one has asked. The others then go out one behind the other, which
   * the stream keeps, without waiting for each answer.
   */
  async #publishAll([first, ...others]: readonly HookMessage[]): Promise<number> {
    const failures: Failure[] = [];
    const taken: string[] = [];
    const publish = async (hook: HookMessage): Promise<void> => {
      await this.publishHook.run(hook, { trace: traceOf(hook) }).then(() => taken.push(hook.id), (reason: unknown) => failures.push({ hook, reason }));
    };
    await publish(first!);
    const away = failures.find(({ reason }) => !(reason instanceof PermanentError));
    if (!away) await Promise.all(others.map(publish));
    await this.repository.remove(taken);
    await this.#giveBack(failures, away ? others : []);
    return taken.length;
  }

  /** Throws the first reason that says that it is of no use to go on. */
  async #giveBack(failures: readonly Failure[], untried: readonly HookMessage[]): Promise<void> {
    const refused = failures.filter(({ reason }) => reason instanceof PermanentError);
    const others = failures.filter(({ reason }) => !(reason instanceof PermanentError));
    for (const { hook, reason } of refused) {
      this.#log.error({ hook: hook.id, reason: messageOf(reason) }, 'spool.refused');
      await this.repository.postpone(hook.id, REFUSED_SECONDS);
    }
    const left = [...others.map(({ hook }) => hook.id), ...untried.map(({ id }) => id)];
    if (left.length > 0) await this.repository.release(left);
    if (others.length > 0) throw others[0]!.reason;
  }
}
