import { Injectable } from '@nestjs/common';
import { factByJobs, type CloudEvent, type PlatformEvent, type RunSnapshot } from '@stellwerk/contracts';
import type { Queryable } from '@stellwerk/database';
import { deploymentsOf } from '../dora/deployments-of.js';
import { DeploymentsRepository } from '../dora/deployments.repository.js';
import { ApprovalsRepository } from './approvals.repository.js';
import { FactsRepository } from './facts.repository.js';
import { HealthRepository } from './health.repository.js';
import { PlatformRunsRepository } from './platform-runs.repository.js';
import type { Recording, ToldHealth } from './recording.js';
import { rounds } from './rows.js';
import { RunsRepository } from './runs.repository.js';
import { newestRuns, runsToCompare } from './versions.js';

const present = <T>(values: readonly (T | undefined)[]): T[] => values.filter((value) => value !== undefined);

/** Of each connection what was said last. */
const lastHealth = (told: readonly ToldHealth[]): ToldHealth[] =>
  [...new Map(told.toSorted((one, other) => Date.parse(one.changed_at) - Date.parse(other.changed_at)).map((one) => [one.connection, one])).values()];

/** Successes, of which it has to be found out whether something had failed before. */
const succeeded = (recordings: readonly Recording[]): RunSnapshot[] =>
  present(recordings.map(({ change }) => change?.run)).filter(({ state }) => state === 'succeeded');

export interface Applied {
  /** Ids of events that brought a fact nobody had told. */
  news: ReadonlySet<string>;
  /** Ids of runs of which no newer version had been known. */
  newest: ReadonlySet<string>;
}

const factsOf = ({ fact, data }: CloudEvent<PlatformEvent>): string[] => {
  const byJobs = factByJobs({ fact, jobsFinishedAt: data.jobsFinishedAt });
  return byJobs === undefined ? [fact] : [fact, byJobs];
};

const NONE: ReadonlySet<string> = new Set();

/** What the API reads: each part is changed by one statement for a whole group. Statements are sent without waiting for each other. */
@Injectable()
export class ReadModel {
  constructor(
    private readonly runs: RunsRepository,
    private readonly platformRuns: PlatformRunsRepository,
    private readonly facts: FactsRepository,
    private readonly health: HealthRepository,
    private readonly approvals: ApprovalsRepository,
    private readonly deployments: DeploymentsRepository,
  ) {}

  /** The versions known of runs whose events do not say what moved; locked. */
  async known(tx: Queryable, recordings: readonly Recording[]): Promise<Map<string, RunSnapshot>> {
    const ids = runsToCompare(recordings);
    return ids.length === 0 ? new Map() : this.runs.lock(tx, ids);
  }

  /** Safe to repeat: what is known already, or newer, stays. */
  async apply(tx: Queryable, recordings: readonly Recording[]): Promise<Applied> {
    const [runs, health] = [newestRuns(recordings), lastHealth(present(recordings.map((recording) => recording.health)))];
    const approvals = present(recordings.map(({ approval }) => approval?.data));
    // Of every version, not only the newest: one that failed and was retried is told by an earlier one.
    const deployed = recordings.flatMap(({ change }) => (change ? deploymentsOf(change.run, change.moved) : []));
    const sightings = rounds(present(recordings.map(({ platformRun }) => platformRun)), ({ key }) => key);
    const told = recordings.flatMap(({ news, entry, sequence }) => (news ? [{ facts: factsOf(news), event: entry.id, sequence }] : []));
    const [news, newest] = await Promise.all([
      told.length > 0 ? this.facts.add(tx, told) : NONE,
      runs.length > 0 ? this.runs.save(tx, runs) : NONE,
      ...sightings.map((round) => this.platformRuns.save(tx, round)),
      health.length > 0 && this.health.save(tx, health),
      approvals.length > 0 && this.approvals.save(tx, approvals),
      deployed.length > 0 && this.deployments.save(tx, deployed),
    ]);
    return { news, newest };
  }

  /** Ids of the runs that succeeded after a failure. To be asked behind `apply`: the failure may be of the same group. */
  async recovered(tx: Queryable, recordings: readonly Recording[]): Promise<Set<string>> {
    const ended = succeeded(recordings);
    return ended.length === 0 ? new Set() : this.runs.afterFailure(tx, ended);
  }
}
