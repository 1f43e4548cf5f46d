import { Injectable } from '@nestjs/common';
import { WatchRepository, type Connection } from '@stellwerk/connector-kit';
import { cloudEvent, instanceOrigin, platformRunKeyOfFact, subjects, type CloudEvent, type PlatformEvent } from '@stellwerk/contracts';
import { Database, OutboxRelay } from '@stellwerk/database';
import { eventMessage } from '@stellwerk/messaging';
import { failpoint } from '@stellwerk/service-kit';
import { jenkinsBuildEvents, type TranslatedEvent } from '@stellwerk/platforms';
import type { ListedBuild } from './job.client.js';
import { JobCursorsRepository } from './job-cursors.repository.js';
import { NamedJobsRepository, type HeldJob } from './named-jobs.repository.js';
import type { Batch, Tell } from './plan-look.js';
import { LeaseLost } from './visit-reads.js';

/** Tells what a look found, through the outbox, in the transaction that moves the cursor: killed before it nothing was told, after it nothing is told again. */
@Injectable()
export class BuildTeller {
  constructor(
    private readonly database: Database,
    private readonly relay: OutboxRelay,
    private readonly named: NamedJobsRepository,
    private readonly cursors: JobCursorsRepository,
    private readonly watches: WatchRepository,
  ) {}

  /** @returns how many events @throws LeaseLost when another replica has the job; then nothing is written */
  async tell(held: HeldJob, connection: Connection, job: string, batch: Batch<ListedBuild>): Promise<number> {
    const news = await this.#newsOf(connection, job, batch.tells);
    const messages = news.map((one) => eventMessage(subjects.event(one.data.platform, one.type), eventOf(one)));
    failpoint('connector.before-tell');
    const enqueued = await this.database.transaction(async (tx) => {
      if (!(await this.named.keep(held, tx))) throw new LeaseLost(held.job);
      await this.cursors.put(tx, held, job, batch.cursor);
      const rows = await this.relay.enqueue(tx, messages);
      failpoint('connector.in-tell');
      return rows;
    });
    failpoint('connector.after-tell');
    await this.relay.publish(enqueued);
    return news.length;
  }

  /** Builds that commands of ours started are told by their tracker, with the command that did. */
  async #newsOf(connection: Connection, job: string, tells: readonly Tell<ListedBuild>[]): Promise<TranslatedEvent[]> {
    const translated = tells.flatMap((tell) => translate(tell, connection, job));
    if (translated.length === 0) return [];
    const ours = await this.watches.known([...new Set(translated.map(({ fact }) => platformRunKeyOfFact(fact)))]);
    return translated.filter(({ fact }) => !ours.has(platformRunKeyOfFact(fact)));
  }
}

const translate = ({ build, predicates }: Tell<ListedBuild>, connection: Connection, job: string): TranslatedEvent[] => {
  const context = { connection: connection.name, platform: 'jenkins', origin: instanceOrigin('jenkins', connection.url), receivedAt: new Date() } as const;
  // The start a build had, whatever has become of it since.
  const begun = { ...build, building: true, result: null };
  return predicates.flatMap((predicate) => jenkinsBuildEvents(predicate === 'started' ? begun : build, job, context));
};

/** The first thing known of a run of nobody's order: it is its own cause. */
const eventOf = ({ id, type, subject, fact, data }: TranslatedEvent): CloudEvent<PlatformEvent> =>
  cloudEvent<PlatformEvent>({ id, source: `/connections/${data.connection}`, type, subject, time: new Date(), correlationId: id, causationId: id, fact, data });
