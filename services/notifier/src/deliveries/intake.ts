import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import type { TraceHeaders } from '@stellwerk/service-kit';
import type { PlannedDelivery } from '../plan/plan-deliveries.js';
import { isUrgent } from '../plan/repeats.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DigestsRepository } from './digests.repository.js';
import { QuietRepository } from './quiet.repository.js';

/** A message that shall be said. */
export interface Wanted extends PlannedDelivery {
  trace: TraceHeaders;
  /** What comes within so many ms is told together; absent = at once. */
  digestMs?: number;
}

/** What one status brings. */
export interface News {
  deliveries: Wanted[];
  /** A pipeline that succeeded: what was counted of its failures is over. */
  good?: { topic: string; at: string };
}

/** Writes down what is to be said before anything is sent. */
@Injectable()
export class Intake {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveriesRepository,
    private readonly quiet: QuietRepository,
    private readonly digests: DigestsRepository,
  ) {}

  /** Ids of the messages that are new. */
  async add(news: readonly News[]): Promise<Set<string>> {
    const wanted = news.flatMap(({ deliveries }) => deliveries);
    const good = news.flatMap((one) => one.good ?? []);
    // By itself, as it may have to wait for one that is just being counted; done again when the process ends before its answer.
    if (good.length > 0) await this.quiet.forgetFailures(good);
    if (wanted.length === 0) return new Set();
    const rows = wanted.map(({ digestMs: _, ...delivery }) => delivery);
    if (wanted.every(({ digestMs }) => digestMs === undefined)) return this.deliveries.add(this.database, rows);
    return this.database.transaction(async (tx) => {
      const added = await this.deliveries.add(tx, rows);
      await this.hold(tx, wanted.filter(({ id }) => added.has(id)));
      return added;
    });
  }

  private async hold(tx: Queryable, fresh: readonly Wanted[]): Promise<void> {
    const held = Object.groupBy(fresh.filter(({ notice, digestMs }) => digestMs !== undefined && !isUrgent(notice.word)), ({ channel }) => channel);
    // In one order everywhere, so that replicas wait for each other.
    for (const [channel, messages] of Object.entries(held).sort(([one], [other]) => (one < other ? -1 : 1))) {
      await this.digests.hold(tx, channel, messages!.map(({ id }) => id), messages![0]!.digestMs!);
    }
  }
}
