import { Injectable, Logger } from '@nestjs/common';
import type { Connection } from '@stellwerk/connector-kit';
import { PAGE, type JobAnswer, type ListedBuild } from './job.client.js';
import { cursorSince, firstCursor, isRestarted, startOver, type JobCursor } from './job-cursor.js';
import { JobNotesRepository } from './job-notes.repository.js';
import type { HeldJob } from './named-jobs.repository.js';
import { MOST_BUILDS, TOLD_WITHIN_MS, planLook, type Batch } from './plan-look.js';
import { BuildTeller } from './tell-builds.js';
import type { JobRead, VisitReads } from './visit-reads.js';

/** Builds that run and are not among the newest are asked for one by one, so many in a look. */
const SINGLE_READS = 10;

/** One look at a named job and what lies below it. */
export interface Visit {
  held: HeldJob;
  connection: Connection;
  reads: VisitReads;
}

/** Where a look begins. Neither: the job was never looked for before. */
interface Known {
  cursor?: JobCursor;
  /** It was looked for then, and was not there. */
  since?: number;
}

interface Seen {
  builds: ListedBuild[];
  gone: number[];
  whole: boolean;
}

/** Reads what is new of one job and tells it. */
@Injectable()
export class JobLook {
  readonly #log = new Logger(JobLook.name);

  constructor(
    private readonly teller: BuildTeller,
    private readonly notes: JobNotesRepository,
  ) {}

  /** `read`: what the job said just now. @throws ReadFailed, NotReady, Refused, LeaseLost */
  async run(visit: Visit, job: string, known: Known, read?: JobRead): Promise<void> {
    const { at, found } = read ?? (await visit.reads.job(job));
    if (!found) return; // It went between the list and the look; the next list says so.
    const first = known.cursor === undefined && known.since === undefined;
    const before = known.cursor ?? (known.since === undefined ? firstCursor(found.builds ?? []) : cursorSince(known.since));
    const listed = first ? { builds: found.builds ?? [], whole: true } : await this.#readBack(visit, job, found, before);
    const restarted = isRestarted(before, found.nextBuildNumber, listed.builds);
    const cursor = restarted ? startOver(before) : before;
    const seen = await this.#withRunning(visit, job, listed, cursor);
    const plan = planLook({ cursor, at, ...seen });
    const isNew = plan.batches.length === 0 && cursor !== known.cursor;
    await this.#tell(visit, job, isNew ? [{ tells: [], cursor }] : plan.batches);
    if (restarted) await this.#noteRestart(visit, job, before);
    if (plan.leftOut > 0) await this.#noteLeftOut(visit, job, plan.leftOut);
  }

  /** Newest first, until the cursor is reached; more than fifty may have come since. */
  async #readBack({ reads }: Visit, job: string, found: JobAnswer, cursor: JobCursor): Promise<Pick<Seen, 'builds' | 'whole'>> {
    // By number: new builds move the others on while pages are read.
    const seen = new Map((found.builds ?? []).map((build) => [build.number, build]));
    const builds = (): ListedBuild[] => [...seen.values()];
    const reached = (): boolean => reaches(isRestarted(cursor, found.nextBuildNumber, builds()) ? startOver(cursor) : cursor, builds());
    let full = seen.size === PAGE;
    for (let from = PAGE; full && from < MOST_BUILDS && !reached(); from += PAGE) {
      const page = await reads.buildsFrom(job, from);
      for (const build of page) seen.set(build.number, build);
      full = page.length === PAGE;
    }
    return { builds: builds(), whole: !full || reached() };
  }

  async #withRunning({ reads }: Visit, job: string, { builds, whole }: Pick<Seen, 'builds' | 'whole'>, cursor: JobCursor): Promise<Seen> {
    const listed = new Set(builds.map(({ number }) => number));
    const asked = someOf(cursor.running.filter((number) => !listed.has(number)));
    const read = await Promise.all(asked.map(async (number) => ({ number, build: await reads.build(job, number) })));
    const gone = read.filter(({ build }) => !build).map(({ number }) => number);
    if (gone.length > 0) this.#log.warn({ job, builds: gone }, 'jobs.builds-gone');
    return { builds: [...builds, ...read.flatMap(({ build }) => build ?? [])], gone, whole };
  }

  async #tell({ held, connection }: Visit, job: string, batches: readonly Batch<ListedBuild>[]): Promise<void> {
    let told = 0;
    for (const batch of batches) told += await this.teller.tell(held, connection, job, batch);
    if (told > 0) this.#log.log({ connection: connection.name, job, events: told }, 'jobs.told');
  }

  async #noteRestart({ held }: Visit, job: string, { lastNumber }: JobCursor): Promise<void> {
    const text = `its numbers count anew (it was ${lastNumber}): a build whose number was told before starts no flow again; set its next build number above ${lastNumber}`;
    await this.notes.put(held, { job, kind: 'restarted', text, forMs: TOLD_WITHIN_MS });
  }

  async #noteLeftOut({ held }: Visit, job: string, count: number): Promise<void> {
    this.#log.warn({ connection: held.connection, job, builds: count }, 'jobs.left-out');
    const text = `${count} builds were not told: they ended more than 24 h before they were seen, or there were more than ${MOST_BUILDS} since the last look`;
    await this.notes.put(held, { job, kind: 'left-out', text, forMs: TOLD_WITHIN_MS });
  }
}

/** True when the oldest of the list is not new. */
const reaches = ({ lastNumber, since }: JobCursor, builds: readonly ListedBuild[]): boolean => {
  const oldest = builds.reduce<ListedBuild | undefined>((found, build) => (found && found.number < build.number ? found : build), undefined);
  if (!oldest) return true;
  return oldest.number <= lastNumber || (lastNumber === 0 && since !== undefined && (oldest.timestamp ?? Infinity) < since);
};

/** Others in each second, so that none waits for ever behind ten that run for days. */
const someOf = (numbers: readonly number[]): number[] => {
  if (numbers.length <= SINGLE_READS) return [...numbers];
  const from = Math.floor(Date.now() / 1_000) % numbers.length;
  return [...numbers.slice(from), ...numbers.slice(0, from)].slice(0, SINGLE_READS);
};
