import { Injectable } from '@nestjs/common';
import { ReleaseHeld } from '../holds/release-held.js';
import { Outbox } from '../outbox/outbox.module.js';
import { CloseGaps } from '../waits/close-gaps.js';
import { AfterCommit } from '../work/after-commit.js';
import type { Outcome } from './plan-news.js';

/** What committed news leave to do before they are done: publish, look again at held events that may be free, and for events that runs which now wait have missed. */
@Injectable()
export class FinishNews {
  constructor(
    private readonly afterCommit: AfterCommit,
    private readonly outbox: Outbox,
    private readonly held: ReleaseHeld,
    private readonly gaps: CloseGaps,
  ) {}

  async run(outcome: Outcome): Promise<void> {
    await Promise.all([this.afterCommit.run(outcome), outcome.repeated && this.outbox.flush(), this.held.run(outcome.released), this.gaps.run(outcome.listening)]);
  }
}
