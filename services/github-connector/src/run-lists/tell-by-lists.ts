import { Injectable, Logger } from '@nestjs/common';
import { Refused, SweepTaken, TellMissed, type PolledEvent } from '@stellwerk/connector-kit';
import { PermanentError } from '@stellwerk/service-kit';
import { readRepositoryOf } from '../deliveries/deliveries.client.js';
import { DeliveryMetrics } from '../deliveries/delivery.metrics.js';
import type { SourceKey } from '../deliveries/missed.repository.js';
import type { At } from '../hooks/hooks.client.js';
import { shown } from '../hooks/place.js';
import { LookThrough } from './look-through.js';
import { ListedRepository, type UnlistedGroup } from './listed.repository.js';
import { PacedReads, TurnOver, type ListWork } from './paced-reads.js';

/** A list costs a call or two: with fewer missed, asking for each is as good, and tells for sure. */
const MANY = 10;
/** Lists show a run a second or two after it has come to something; one that is not there yet would leave all of its time to be asked for again. */
const SETTLED_MS = 5_000;
/** Where deliveries go on failing, so long is waited for the last of them. */
const PATIENCE_MS = 60_000;
/** Looked through at once. What is cut in two could hide a missing run at the cut, so that an outage is mostly one piece. */
const MOST = 20_000;
/** Told by one transaction: their publishing is over before their lease in the outbox is. */
const TOLD_AT_ONCE = 250;

export interface Listed {
  /** Deliveries that were brought back. */
  count: number;
  /** False: the turn was over before all were looked through. */
  whole: boolean;
  /** Many failed just now: a list tells them soon. */
  soon: boolean;
  /** Why lists could not help. */
  refused?: string;
}

/** Where many deliveries of runs are missed in a repository, a list of its runs tells a hundred of them by one call. What no list tells for sure is left to be asked for again. */
@Injectable()
export class TellByLists {
  readonly #log = new Logger('deliveries');
  readonly #reads = new Map<string, PacedReads>();

  constructor(
    private readonly listed: ListedRepository,
    private readonly looking: LookThrough,
    private readonly teller: TellMissed,
    private readonly metrics: DeliveryMetrics,
  ) {}

  /** @throws call errors, SweepTaken; where GitHub refuses a list, its deliveries are left */
  async run(work: ListWork, at: At): Promise<Listed> {
    const key: SourceKey = { connection: work.turn.connection.name, source: work.turn.source };
    const [ready, early] = partition(await this.listed.groups(key), isReady);
    const done: Listed = { count: 0, whole: true, soon: early.length > 0 };
    for (const group of ready) {
      try {
        if (group.count > MANY) done.count += await this.#group(work, at, { key, group });
        else await this.listed.leaveAll(key, group);
      } catch (error) {
        if (error instanceof TurnOver) return { ...done, whole: false };
        if (!(error instanceof Refused || error instanceof PermanentError)) throw error;
        done.refused = error.message;
        await this.listed.leaveAll(key, group);
      }
    }
    this.#reads.delete(nameOf(key));
    return done;
  }

  async #group(work: ListWork, at: At, { key, group }: { key: SourceKey; group: UnlistedGroup }): Promise<number> {
    const reads = this.#readsOf(key);
    const repository = at.place.kind === 'repository'
      ? at.place.name
      : await reads.once(work, `name ${group.repositoryId}`, () => readRepositoryOf(at, work.cursor.hook!.id, group.deliveryId));
    if (repository === undefined) throw new PermanentError(`${shown(at.place)}: a delivery tells of no repository`);
    let count = 0;
    for (;;) {
      const sought = await this.listed.oldest(key, group, { settledMs: SETTLED_MS, limit: MOST });
      if (sought.length === 0) return count;
      const { events, covered } = await this.looking.run({ work, reads, key, group, repository, sought });
      const left = sought.flatMap(({ guid }) => (covered.has(guid) ? [] : [guid]));
      const back = await this.#tell(work, key, { events, covered: [...covered], left });
      reads.forget();
      count += back;
      this.#log.log({ ...key, repository, told: events.length, back, left: left.length }, 'deliveries.told-by-lists');
    }
  }

  /** A process that dies in between tells some of them once more, under the same ids. @returns how many are brought back */
  async #tell({ turn, cursor }: ListWork, key: SourceKey, { events, covered, left }: { events: readonly PolledEvent[]; covered: readonly string[]; left: readonly string[] }): Promise<number> {
    const parts = Array.from({ length: Math.max(1, Math.ceil(events.length / TOLD_AT_ONCE)) }, (_, n) => events.slice(n * TOLD_AT_ONCE, (n + 1) * TOLD_AT_ONCE));
    let back = 0;
    for (const [n, part] of parts.entries()) {
      if (turn.until === 0) throw new TurnOver();
      if (!(await turn.keep(cursor))) throw new SweepTaken();
      await this.teller.run(part, async (tx) => {
        if (n < parts.length - 1) return;
        back = await this.listed.bringBack(key, covered, tx);
        await this.listed.leave(key, left, tx);
      });
    }
    this.metrics.listed(key.connection, back);
    return back;
  }

  #readsOf(key: SourceKey): PacedReads {
    const reads = this.#reads.get(nameOf(key)) ?? new PacedReads();
    this.#reads.set(nameOf(key), reads);
    return reads;
  }
}

/** Few are asked for at once; of many the last one is waited for a while. */
const isReady = ({ count, newestMs, oldestMs }: UnlistedGroup): boolean => count <= MANY || newestMs > SETTLED_MS || oldestMs > PATIENCE_MS;

const partition = <T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] => [all.filter(isFirst), all.filter((one) => !isFirst(one))];

const nameOf = ({ connection, source }: SourceKey): string => `${connection} ${source}`;
