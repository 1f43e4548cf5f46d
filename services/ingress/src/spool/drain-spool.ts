import { Injectable } from '@nestjs/common';
import type { TraceHeaders } from '@stellwerk/service-kit';
import type { HookMessage } from './hook-message.js';
import { PublishHook } from './publish-hook.js';
import { SpoolRepository } from './spool.repository.js';

const BATCH = 50;
/** Longer than a batch takes; a replica that died gives its claim up so. */
const CLAIM_SECONDS = 30;

const traceOf = ({ headers: { traceparent, tracestate } }: HookMessage): TraceHeaders => ({
  ...(traceparent && { traceparent }),
  ...(tracestate && { tracestate }),
});

/**
 * Hands waiting hooks to JetStream, the oldest first, each removed only after it was taken. One that was taken but not
 * removed (we died between) is published again under the same id: JetStream drops it, or the router's inbox does.
 */
@Injectable()
export class DrainSpool {
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
      await this.#publishAll(hooks);
      drained += hooks.length;
    }
  }

  async #publishAll(hooks: readonly HookMessage[]): Promise<void> {
    let taken = 0;
    try {
      for (const hook of hooks) {
        await this.publishHook.run(hook, { trace: traceOf(hook) });
        taken += 1;
      }
    } finally {
      const ids = hooks.map(({ id }) => id);
      await this.repository.remove(ids.slice(0, taken));
      if (taken < ids.length) await this.repository.release(ids.slice(taken));
    }
  }
}
