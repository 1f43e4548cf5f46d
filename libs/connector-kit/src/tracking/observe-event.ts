import { Inject, Injectable } from '@nestjs/common';
import { platformRunKeyOfFact, shortType, type PlatformEvent } from '@stellwerk/contracts';
import { Database } from '@stellwerk/database';
import type { ReceivedMessage } from '@stellwerk/messaging';
import { ConnectionPool } from '../calls/connection-pool.js';
import { TIMING_TOKEN, type Timing } from '../timing.js';
import { isPolled } from './polled-event.js';
import { recordRunSpan } from './run-span.js';
import { WatchRepository } from './watch.repository.js';

const FALLBACK_EVERY_MS = 15_000;

/** Hears what hooks say about runs that we follow: polling slows down, and stops at the end. */
@Injectable()
export class EventObserver {
  constructor(
    private readonly database: Database,
    private readonly watches: WatchRepository,
    private readonly pool: ConnectionPool,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  async observe(message: ReceivedMessage): Promise<void> {
    const event = message.cloudEvent<PlatformEvent>();
    if (isPolled(event)) return;
    const every = this.pool.of(event.data.connection)?.connection.poll.everyMs ?? FALLBACK_EVERY_MS;
    const runKey = platformRunKeyOfFact(event.fact);
    const run = await this.watches.seenByHook(runKey, every * this.timing.follow.hookFactor);
    if (!run || shortType(event.type) !== 'pipelinerun.finished') return;
    const ended = await this.database.transaction(async (tx) => this.watches.end(tx, runKey));
    if (ended) recordRunSpan(ended, event.data);
  }
}
