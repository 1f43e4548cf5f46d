import { Inject, Injectable, Optional } from '@nestjs/common';
import { platformRunKeyOfFact, shortType, type PlatformEvent } from '@stellwerk/contracts';
import { Database } from '@stellwerk/database';
import type { ReceivedMessage } from '@stellwerk/messaging';
import { GroupedWork, type GroupResult } from '@stellwerk/service-kit';
import { ConnectionPool } from '../calls/connection-pool.js';
import { TIMING_TOKEN, type Timing } from '../timing.js';
import { HEARD_RUNS, type HeardRun, type HeardRuns } from './heard-runs.js';
import { isPolled } from './polled-event.js';
import { recordRunSpan } from './run-span.js';
import { WatchRepository } from './watch.repository.js';

const FALLBACK_EVERY_MS = 15_000;
const MOST_AT_ONCE = 256;
const FINISHED = 'pipelinerun.finished';

interface Heard extends HeardRun {
  polled: boolean;
}

/**
 * Hears what hooks say about runs that we follow: polling slows down, and stops at the end. Nearly all events are about runs that are
 * none of ours, so that those of one moment share one look.
 */
@Injectable()
export class EventObserver {
  readonly #group = new GroupedWork<Heard, void>((heard) => this.#hear(heard), { max: MOST_AT_ONCE });

  constructor(
    private readonly database: Database,
    private readonly watches: WatchRepository,
    private readonly pool: ConnectionPool,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
    @Optional() @Inject(HEARD_RUNS) private readonly heard?: HeardRuns,
  ) {}

  async observe(message: ReceivedMessage): Promise<void> {
    const event = message.cloudEvent<PlatformEvent>();
    const polled = isPolled(event);
    if (polled && !this.heard) return;
    await this.#group.run({ polled, runKey: platformRunKeyOfFact(event.fact), finished: shortType(event.type) === FINISHED, event: event.data });
  }

  async #hear(heard: readonly Heard[]): Promise<GroupResult<void>[]> {
    await this.heard?.note(heard);
    const hooks = heard.filter(({ polled }) => !polled);
    const open = await this.watches.open(hooks.map(({ runKey }) => runKey));
    const ours = hooks.filter(({ runKey }) => open.has(runKey));
    if (ours.length > 0) await this.#note(ours);
    return heard.map(() => ({ status: 'fulfilled', value: undefined }));
  }

  async #note(ours: readonly Heard[]): Promise<void> {
    const finished = endsOf(ours);
    const going = new Map(ours.filter(({ runKey }) => !finished.has(runKey)).map(({ runKey, event }) => [runKey, event]));
    if (going.size > 0) await this.watches.seenByHook([...going].map(([runKey, event]) => ({ runKey, nextPollMs: this.#slowly(event.connection) })));
    if (finished.size === 0) return;
    const ended = await this.database.transaction(async (tx) => this.watches.end(tx, [...finished.keys()]));
    for (const run of ended) recordRunSpan(run, finished.get(run.runKey)!);
  }

  #slowly(connection: string): number {
    return (this.pool.of(connection)?.connection.poll.everyMs ?? FALLBACK_EVERY_MS) * this.timing.follow.hookFactor;
  }
}

/** One end of each run: of a platform that tells it twice, the telling that knows when the run began. */
const endsOf = (heard: readonly Heard[]): Map<string, PlatformEvent> => {
  const ends = new Map<string, PlatformEvent>();
  for (const { runKey, event } of heard.filter(({ finished }) => finished)) {
    if (ends.get(runKey)?.startedAt === undefined) ends.set(runKey, event);
  }
  return ends;
};
