import { Injectable } from '@nestjs/common';
import type { TraceHeaders } from '@stellwerk/service-kit';
import { IngressMetrics } from '../ingress.metrics.js';
import type { HookMessage } from './hook-message.js';
import { SpoolRepository } from './spool.repository.js';

/** Where hooks wait while NATS is away. */
@Injectable()
export class Spool {
  constructor(
    private readonly repository: SpoolRepository,
    private readonly metrics: IngressMetrics,
  ) {}

  /** Gives whether it waits already. The trace goes with it, so that its journey stays one. */
  async put(hook: HookMessage, trace: TraceHeaders): Promise<boolean> {
    const isNew = await this.repository.put({ ...hook, headers: { ...hook.headers, ...trace } });
    if (isNew) this.metrics.spooled.inc();
    return !isNew;
  }
}
