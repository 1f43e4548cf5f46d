import { Inject, Injectable, Logger } from '@nestjs/common';
import { subjects } from '@stellwerk/contracts';
import { Database, OutboxRelay, enqueue } from '@stellwerk/database';
import { eventMessage } from '@stellwerk/messaging';
import { messageOf } from '@stellwerk/service-kit';
import { ADAPTER, type ConnectorAdapter, type PolledEvent, type PolledRun } from '../adapter.js';
import type { ConnectionCalls } from '../calls/connection-calls.js';
import { eventOfPoll } from './polled-event.js';
import { recordRunSpan } from './run-span.js';
import { WatchRepository, type WatchedRun } from './watch.repository.js';

const FINISHED = 'pipelinerun.finished';

/** Looks at every followed run of one repository and tells what is new, through the outbox. */
@Injectable()
export class RunPoller {
  readonly #log = new Logger(RunPoller.name);

  constructor(
    @Inject(ADAPTER) private readonly adapter: ConnectorAdapter,
    private readonly database: Database,
    private readonly watches: WatchRepository,
    private readonly relay: OutboxRelay,
  ) {}

  async poll(calls: ConnectionCalls, repository: string, runs: readonly WatchedRun[]): Promise<void> {
    const seen = await this.#look(calls, repository, runs);
    const byKey = new Map(runs.map((run) => [run.runKey, run]));
    const told = await Promise.all(seen.map(async ({ runKey, events }) => this.#tellAll(byKey.get(runKey), events)));
    if (told.some(Boolean)) await this.relay.flush();
  }

  /** A look that fails costs nothing but time: the next one comes. */
  async #look(calls: ConnectionCalls, repository: string, runs: readonly WatchedRun[]): Promise<PolledRun[]> {
    try {
      return await this.adapter.poll(calls, repository, runs);
    } catch (error) {
      this.#log.warn({ connection: calls.connection.name, repository, reason: messageOf(error) }, 'poll.failed');
      return [];
    }
  }

  async #tellAll(run: WatchedRun | undefined, events: readonly PolledEvent[]): Promise<boolean> {
    let told = false;
    for (const event of run ? events : []) told = (await this.#tell(run!, event)) || told;
    return told;
  }

  async #tell(run: WatchedRun, polled: PolledEvent): Promise<boolean> {
    if (run.told.includes(polled.fact)) return false;
    const event = eventOfPoll(polled, run, new Date());
    const finished = polled.type === FINISHED;
    const { isNew, ended } = await this.database.transaction(async (tx) => {
      if (!(await this.watches.tell(tx, run.runKey, polled.fact))) return { isNew: false, ended: undefined };
      await enqueue(tx, [eventMessage(subjects.event(event.data.platform, polled.type), event)], run.trace);
      return { isNew: true, ended: finished ? await this.watches.end(tx, run.runKey) : undefined };
    });
    if (ended) recordRunSpan(ended, event.data);
    return isNew;
  }
}
