import { Injectable } from '@nestjs/common';
import { Refused } from '@stellwerk/connector-kit';
import { mayHaveNews, type JobCursor } from './job-cursor.js';
import { JobCursorsRepository } from './job-cursors.repository.js';
import { JobNotesRepository } from './job-notes.repository.js';
import { jobsBelow, type JobBelow } from './jobs-below.js';
import { JobLook, type Visit } from './look-at-job.js';
import { NamedJobsRepository } from './named-jobs.repository.js';
import type { JobRead } from './visit-reads.js';

/** Jobs below one named one. */
export const MOST_JOBS = 1_000;
/** A branch that is gone is remembered so long, should it come back. */
export const KEPT_DAYS = 7;
/** A refusal is said until it was not met for so long. */
const REFUSED_MS = 3_600_000;
const GONE = 'it is not there, or the user of the connection may not see it; a job that was renamed has to be named anew';

/** Looks at a named job, or at every job below a folder, organization or multibranch job that has news: one list call, and one for each of these. */
@Injectable()
export class NamedJobVisit {
  constructor(
    private readonly named: NamedJobsRepository,
    private readonly cursors: JobCursorsRepository,
    private readonly notes: JobNotesRepository,
    private readonly look: JobLook,
  ) {}

  /** @returns false when Jenkins does not show the job @throws ReadFailed, NotReady, LeaseLost */
  async run(visit: Visit): Promise<boolean> {
    const { held, reads } = visit;
    const seen = await this.#unlessRefused(visit, held.job, async () => {
      const read = await reads.job(held.job);
      if (read.found) await this.#lookAt(visit, read);
      else await this.#missing(visit, read.at);
      return read.found !== undefined;
    });
    return seen ?? false;
  }

  async #lookAt(visit: Visit, read: JobRead): Promise<void> {
    const { held } = visit;
    const cursors = await this.cursors.below(held);
    const { jobs, builds } = read.found!;
    if (builds || !jobs) return this.look.run(visit, held.job, { cursor: cursors.get(held.job), since: held.lookedAt }, read);
    const below = jobsBelow(held.job, jobs);
    // Before the looks: should they end half-way, what had no look yet is news since now.
    await this.named.looked(held, read.at);
    await this.cursors.keepOnly(held, below.map(({ job }) => job), KEPT_DAYS);
    if (below.length > MOST_JOBS) await this.#noteTooMany(visit, below.length);
    await this.#lookBelow(visit, below.slice(0, MOST_JOBS), cursors);
  }

  /** One that is refused, or fails, keeps none of the others from being looked at. */
  async #lookBelow(visit: Visit, below: readonly JobBelow[], cursors: ReadonlyMap<string, JobCursor>): Promise<void> {
    const looks = await Promise.allSettled(below.map(async (child) => {
      const cursor = cursors.get(child.job);
      const isEmpty = !cursor && !child.last;
      if (isEmpty || !mayHaveNews(cursor, child)) return;
      await this.#unlessRefused(visit, child.job, async () => this.look.run(visit, child.job, { cursor, since: visit.held.lookedAt }));
    }));
    const failed = looks.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #unlessRefused<T>({ held }: Visit, job: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work();
      if (result !== false) await this.notes.clear(held, job, 'refused');
      return result;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await this.notes.put(held, { job, kind: 'refused', text: `its builds are not found: ${error.message}`, forMs: REFUSED_MS });
      return undefined;
    }
  }

  /** Builds of a job that is made later are news since now. */
  async #missing({ held }: Visit, at: number): Promise<void> {
    await this.named.looked(held, at);
    await this.notes.put(held, { job: held.job, kind: 'refused', text: `its builds are not found: ${GONE}`, forMs: REFUSED_MS });
  }

  async #noteTooMany({ held }: Visit, count: number): Promise<void> {
    const text = `${count} jobs lie below it, and only the first ${MOST_JOBS} are looked at: name its folders one by one`;
    await this.notes.put(held, { job: held.job, kind: 'left-out', text, forMs: REFUSED_MS });
  }
}
