import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Database, type Queryable } from '@stellwerk/database';
import { GroupedWork, messageOf, RetryableError, togetherOrApart } from '@stellwerk/service-kit';
import { ReadModel } from './read-model.js';
import type { Recording } from './recording.js';
import { firstOfEach } from './rows.js';
import type { StatusMessage } from './status-messages.js';
import { tellingsOf } from './tellings.js';
import { TimelineRepository } from './timeline.repository.js';
import type { Transitions } from './transitions.js';
import { UntoldRepository } from './untold.repository.js';
import { transitionsOf } from './versions.js';

/**
 * Nobody waits for the read model, and each group costs a commit and half a dozen statements. In 50 ms, 200 flows/s
 * bring 40 events; more than a hundred wait for nothing, as the slots would be used up.
 */
const GROUPS = { max: 100, everyMs: 50 };

/** Longer than it takes to the next group, if there is one; not long, as other replicas may wait for it. */
const FORGET_MS = 75;

/** What came of an event. */
export interface Recorded {
  /** To be told, in this order. */
  messages: StatusMessage[];
  /** It counts as untold until `confirm`. */
  untold: boolean;
  /** A version of a run that comes after a newer one. */
  late: boolean;
}

const NOTHING: Recorded = { messages: [], untold: false, late: false };

/** Writes events down, as many as come together in one transaction, and tells what is to be told of each. */
@Injectable()
export class RecordEvents implements OnApplicationShutdown {
  private readonly log = new Logger(RecordEvents.name);
  private readonly grouped = new GroupedWork(
    // A database that is away, or a lost conflict, concerns them all.
    togetherOrApart<Recording, Recorded>((group) => this.record(group), (error) => !(error instanceof RetryableError)), GROUPS);
  /** Told and confirmed; forgotten with the next group. */
  private told: string[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly timeline: TimelineRepository,
    private readonly readModel: ReadModel,
    private readonly untold: UntoldRepository,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.forget();
  }

  run(recording: Recording): Promise<Recorded> {
    return this.grouped.run(recording);
  }

  /** All that was to be told of this event is stored in STATUS. */
  confirm(event: string): void {
    this.told.push(event);
    this.timer ??= setTimeout(() => void this.forget(), FORGET_MS);
  }

  private async record(group: readonly Recording[]): Promise<Recorded[]> {
    // The same event twice is told for the first of them.
    const recordings = firstOfEach(group, ({ entry }) => entry.id);
    const told = this.told.splice(0);
    try {
      const found = await this.database.transaction((tx) => this.write(tx, recordings, told));
      return group.map((recording) => found.get(recording) ?? NOTHING);
    } catch (error) {
      this.told.push(...told);
      throw error;
    }
  }

  private async write(tx: Queryable, recordings: readonly Recording[], told: readonly string[]): Promise<Map<Recording, Recorded>> {
    const transitions = transitionsOf(recordings, await this.readModel.known(tx, recordings));
    const of = ({ change }: Recording): Transitions | undefined => change && transitions.get(change);
    const [fresh, applied, recovered] = await Promise.all([
      this.timeline.add(tx, recordings.map((recording) => rowOf(recording, of(recording)))),
      this.readModel.apply(tx, recordings),
      this.readModel.recovered(tx, recordings),
      told.length > 0 && this.untold.remove(tx, told),
    ]);
    const known = recordings.map(({ entry }) => entry.id).filter((id) => !fresh.has(id));
    const again = known.length === 0 ? new Map<string, Transitions>() : await this.untold.of(tx, known);
    return new Map(recordings.map((recording) => {
      const { entry: { id }, change } = recording;
      const isNews = (toldOnce(recording) ? fresh.has(id) : applied.news.has(id)) || again.has(id);
      const messages = tellingsOf(recording, {
        transitions: fresh.has(id) ? of(recording) : again.get(id), isNews, afterFailure: change !== undefined && recovered.has(change.run.id),
      });
      const untold = change ? fresh.has(id) || again.has(id) : isNews;
      return [recording, { messages, untold, late: change !== undefined && !applied.newest.has(change.run.id) }];
    }));
  }

  /** While no further event comes. Lost in a crash without harm: their events are done and do not come again. */
  private async forget(): Promise<void> {
    this.timer = undefined;
    const told = this.told.splice(0);
    if (told.length === 0) return;
    try {
      await this.untold.remove(this.database, told);
    } catch (error) {
      this.told.push(...told);
      this.log.warn({ events: told.length, reason: messageOf(error) }, 'told.not-forgotten');
    }
  }
}

/** Of these each event is told, once: nothing else brings the same. */
const toldOnce = ({ approval, missing }: Recording): boolean => approval !== undefined || missing !== undefined;

/** With a version of a run goes what was found to tell of it, so that a redelivery tells the same. */
const rowOf = (recording: Recording, transitions: Transitions | undefined) => ({
  ...recording.entry,
  ...(transitions && { data: { ...(recording.entry.data as object), told: transitions } }),
  trace: recording.trace.traceparent?.split('-')[1],
  // Also a version of which there is nothing to tell keeps those behind it waiting until it is its turn.
  tells: transitions !== undefined || toldOnce(recording),
  sequence: recording.sequence,
});
