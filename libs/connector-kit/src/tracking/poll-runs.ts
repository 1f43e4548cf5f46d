import { Injectable, Logger } from '@nestjs/common';
import { subjects } from '@stellwerk/contracts';
import { Database, OutboxRelay, type Enqueued } from '@stellwerk/database';
import { eventMessage } from '@stellwerk/messaging';
import { messageOf } from '@stellwerk/service-kit';
import type { PolledEvent, PolledRun } from '../adapter.js';
import { Adapters } from '../adapters.js';
import type { ConnectionCalls } from '../calls/connection-calls.js';
import { DuplicateWatch } from '../health/duplicate-watch.js';
import { eventOfPoll } from './polled-event.js';
import { recordRunSpan } from './run-span.js';
import { WatchRepository, type WatchedRun } from './watch.repository.js';

const FINISHED = 'pipelinerun.finished';

/** Looks at every followed run of one repository and tells what is new, through the outbox. */
@Injectable()
export class RunPoller {
  readonly #log = new Logger(RunPoller.name);

  constructor(
    private readonly adapters: Adapters,
    private readonly database: Database,
    private readonly watches: WatchRepository,
    private readonly relay: OutboxRelay,
    private readonly duplicates: DuplicateWatch,
  ) {}

  async poll(calls: ConnectionCalls, repository: string, runs: readonly WatchedRun[]): Promise<void> {
    const seen = await this.#look(calls, repository, runs);
    const byKey = new Map(runs.map((run) => [run.runKey, run]));
    await Promise.all(seen.map(async ({ runKey, events }) => this.#tellAll(byKey.get(runKey), events)));
  }

  /** A look that fails costs nothing but time: the next one comes. */
  async #look(calls: ConnectionCalls, repository: string, runs: readonly WatchedRun[]): Promise<PolledRun[]> {
    try {
      return await this.adapters.of(calls.connection.platform).poll(calls, repository, runs, this.duplicates.on(calls.connection.name));
    } catch (error) {
      this.#log.warn({ connection: calls.connection.name, repository, reason: messageOf(error) }, 'poll.failed');
      return [];
    }
  }

  async #tellAll(run: WatchedRun | undefined, events: readonly PolledEvent[]): Promise<void> {
    for (const event of run ? events : []) await this.#tell(run!, event);
  }

  async #tell(run: WatchedRun, polled: PolledEvent): Promise<void> {
    if (run.told.includes(polled.fact)) return;
    const event = eventOfPoll(polled, run, new Date());
    const message = { ...eventMessage(subjects.event(event.data.platform, polled.type), event), trace: run.trace };
    const told = await this.database.transaction(async (tx): Promise<{ enqueued: Enqueued; ended: WatchedRun[] } | undefined> => {
      if (!(await this.watches.tell(tx, run.runKey, polled.fact))) return undefined;
      return { enqueued: await this.relay.enqueue(tx, [message]), ended: polled.type === FINISHED ? await this.watches.end(tx, [run.runKey]) : [] };
    });
    if (!told) return;
    for (const ended of told.ended) recordRunSpan(ended, event.data);
    await this.relay.publish(told.enqueued);
  }
}
