import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { ApprovalsRepository } from '../approvals/approvals.repository.js';
import { EventWaitsRepository } from '../waits/event-waits.repository.js';
import { WaitGapsRepository } from '../waits/wait-gaps.repository.js';
import type { WorkingSet } from './working-set.js';

/** Writes down whom and what runs wait for. */
@Injectable()
export class StoreWaiting {
  constructor(
    private readonly approvals: ApprovalsRepository,
    private readonly waits: EventWaitsRepository,
    private readonly gaps: WaitGapsRepository,
  ) {}

  /** `stored`: whether a run is; nothing follows from one that another transaction has started. */
  async run(tx: Queryable, { approvals, waits }: WorkingSet, stored: (run: string) => boolean): Promise<void> {
    await Promise.all([
      this.approvals.save(tx, approvals.filter(({ approval }) => stored(approval.run))),
      this.waits.drop(tx, waits.over),
      this.waits.add(tx, waits.begun.filter(({ run }) => stored(run))),
      this.gaps.add(tx, waits.gaps.filter(({ run }) => stored(run))),
    ]);
  }
}
