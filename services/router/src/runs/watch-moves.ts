import { Injectable, Logger } from '@nestjs/common';
import { ForbiddenMove, type Plan } from '@stellwerk/flows';
import { RouterMetrics } from '../router.metrics.js';

/** Tells people of a move that the tables do not have. Nothing of it is stored: its message comes again, and is a dead letter at last. */
@Injectable()
export class WatchMoves {
  readonly #log = new Logger('runs');

  constructor(private readonly metrics: RouterMetrics) {}

  /** Throws what `plan` throws. */
  async run(ids: { run: string; flow: string; cause: string }, plan: () => Promise<Plan>): Promise<Plan> {
    try {
      return await plan();
    } catch (error) {
      if (error instanceof ForbiddenMove) {
        const { machine, from, to } = error;
        this.metrics.forbiddenMoves.inc({ machine });
        this.#log.error({ ...ids, machine, from, to }, 'run.move-refused');
      }
      throw error;
    }
  }
}
