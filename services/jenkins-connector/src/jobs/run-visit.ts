import { Inject, Injectable, Logger } from '@nestjs/common';
import { NotReady, ReadFailed, TIMING_TOKEN, type Timing } from '@stellwerk/connector-kit';
import { messageOf } from '@stellwerk/service-kit';
import type { Visit } from './look-at-job.js';
import { NamedJobsRepository, type HeldJob } from './named-jobs.repository.js';
import { VisitMaker } from './visit-maker.js';
import { NamedJobVisit } from './visit-named-job.js';
import { LeaseLost } from './visit-reads.js';

/** Makes one visit and says when the next one is due. */
@Injectable()
export class VisitRunner {
  readonly #log = new Logger(VisitRunner.name);
  #stopping = false;

  constructor(
    private readonly named: NamedJobsRepository,
    private readonly visits: NamedJobVisit,
    private readonly maker: VisitMaker,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  /** No further call is made; the jobs that are held are left to other replicas at once. */
  stop(): void {
    this.#stopping = true;
  }

  /** A look that fails is logged, and followed by the next. */
  async run(held: HeldJob): Promise<void> {
    const visit = this.maker.make(held, () => this.#stopping);
    if (!visit) return this.named.release(held, this.timing.follow.firstMs);
    await this.named.release(held, await this.#look(visit, held));
  }

  /** @returns the time to the next look, in ms */
  async #look(visit: Visit, held: HeldJob): Promise<number> {
    const { connection } = visit;
    const every = connection.poll.everyMs;
    try {
      const found = await this.visits.run(visit);
      const slowly = held.hooksCome || !found;
      return Math.max(every * (slowly ? this.timing.follow.hookFactor : 1), this.maker.quotaGapMs(connection, visit.reads.made));
    } catch (error) {
      if (error instanceof LeaseLost && this.#stopping) return 0;
      const expected = [ReadFailed, NotReady, LeaseLost].some((kind) => error instanceof kind);
      this.#log.warn({ ...(!expected && { err: error }), connection: connection.name, job: held.job, reason: messageOf(error) }, 'jobs.look-failed');
      const heldUntil = error instanceof ReadFailed ? error.until?.getTime() : undefined;
      return Math.max(every, (heldUntil ?? 0) - Date.now());
    }
  }
}
