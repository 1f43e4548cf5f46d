import { Injectable } from '@nestjs/common';
import { WatchRepository, type PolledEvent } from '@stellwerk/connector-kit';
import { instanceOrigin, platformRunKeyOfFact } from '@stellwerk/contracts';
import type { SourceKey } from '../deliveries/missed.repository.js';
import { ListedRepository, type UnlistedGroup } from './listed.repository.js';
import { coveredDeliveries, type LoggedDelivery } from './match-deliveries.js';
import type { ListWork, PacedReads } from './paced-reads.js';
import { RunsOfTime, type SeenAttempt } from './runs-of-time.js';
import { LATEST_MS, ROUNDING_MS, tellingsOf, type RunTelling } from './tellings.js';

const MINUTE_MS = 60_000;
/** How much older than what was missed a run is looked for: further back only while something is missing, as lists are by the time of creation. */
const LOOK_BACK_MS = [10, 60, 6 * 60, 24 * 60, 72 * 60].map((minutes) => minutes * MINUTE_MS);

export interface Search {
  work: ListWork;
  reads: PacedReads;
  key: SourceKey;
  group: UnlistedGroup;
  repository: string;
  /** In order of time; at least one. */
  sought: readonly LoggedDelivery[];
}

/** What lists of runs say of deliveries that were missed. */
@Injectable()
export class LookThrough {
  constructor(
    private readonly listed: ListedRepository,
    private readonly watches: WatchRepository,
  ) {}

  /** @returns the events of that time, and the deliveries that are told by them for sure @throws Refused, TurnOver, SweepTaken, call errors */
  async run(search: Search): Promise<{ events: PolledEvent[]; covered: Set<string> }> {
    const { sought, work, reads, repository, key, group } = search;
    const [first, last] = [sought[0]!.at, sought.at(-1)!.at];
    const others = await this.listed.others(key, group, { from: new Date(first - LATEST_MS), to: new Date(last + ROUNDING_MS), but: sought.map(({ guid }) => guid) });
    const runs = new RunsOfTime(work.turn.calls, reads, work);
    const since = first - LATEST_MS;
    const attempts: SeenAttempt[] = [];
    let [until, tellings, covered] = [last + ROUNDING_MS, [] as RunTelling[], new Set<string>()];
    for (const back of LOOK_BACK_MS) {
      const from = since - back;
      // Reading more than there is to be asked for again would be no gain.
      const { attempts: found, walked } = await runs.find({ repository, window: { from: new Date(from), until: new Date(until) }, since, most: sought.length - covered.size });
      attempts.push(...found);
      tellings = this.#within(search, attempts, { first, last });
      covered = coveredDeliveries(sought, others, tellings);
      if (covered.size === sought.length || walked !== 'whole') break;
      until = from - 1_000;
    }
    return { events: await this.#untold(tellings), covered };
  }

  /** What can have been told by deliveries of that time: whatever happened after the last of them was told by later ones. */
  #within({ work: { turn: { connection } }, repository }: Search, attempts: readonly SeenAttempt[], { first, last }: { first: number; last: number }): RunTelling[] {
    const context = { connection: connection.name, platform: 'github', origin: instanceOrigin('github', connection.url), receivedAt: new Date() } as const;
    return tellingsOf(attempts, repository, context).filter(({ from, to }) => from <= last && to >= first);
  }

  /** The end of a run that we started and follow is told by its tracker, with the command behind it. */
  async #untold(tellings: readonly RunTelling[]): Promise<PolledEvent[]> {
    const followed = await this.watches.open([...new Set(tellings.map(({ event }) => platformRunKeyOfFact(event.fact)))]);
    return tellings.flatMap(({ event }) => (event.type === 'pipelinerun.finished' && followed.has(platformRunKeyOfFact(event.fact)) ? [] : [event]));
  }
}
