import type { ConnectionCalls, Semaphore } from '@stellwerk/connector-kit';
import { readBuild } from '../jenkins.client.js';
import { readBuildsFrom, readJob, type JobAnswer, type ListedBuild } from './job.client.js';

/** What one look at a job says, and when by the clock of Jenkins. */
export interface JobRead {
  at: number;
  found?: JobAnswer;
}

/** Another replica has taken the job over, as its lease had ended. */
export class LeaseLost extends Error {
  constructor(job: string) {
    super(`the lease on ${job} is lost: another replica looks at it`);
    this.name = 'LeaseLost';
  }
}

/** The reads of one visit: within the connection's share, each under a lease that holds, counted. */
export class VisitReads {
  #made = 0;

  /** `stay` lengthens the lease, or throws LeaseLost. */
  constructor(
    private readonly calls: ConnectionCalls,
    private readonly share: Semaphore,
    private readonly stay: () => Promise<void>,
  ) {}

  /** Calls so far. */
  get made(): number {
    return this.#made;
  }

  async job(job: string): Promise<JobRead> {
    return this.#read(() => readJob(this.calls, job));
  }

  async buildsFrom(job: string, from: number): Promise<ListedBuild[]> {
    return this.#read(() => readBuildsFrom(this.calls, job, from));
  }

  /** Undefined for a build that is not there any more. */
  async build(job: string, number: number): Promise<ListedBuild | undefined> {
    return this.#read(() => readBuild(this.calls, job, String(number)));
  }

  async #read<T>(work: () => Promise<T>): Promise<T> {
    return this.share.run(async () => {
      await this.stay();
      this.#made += 1;
      return work();
    });
  }
}
