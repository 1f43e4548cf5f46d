import { Injectable } from '@nestjs/common';
import type { UnsettledCommand } from '../holds/may-be-ours.js';
import { BringEvent } from '../waits/bring-event.js';
import type { WorkingSet } from '../work/working-set.js';
import { ApplyPlatformEvent } from './apply-platform-event.js';
import { ApplyTriggerResult } from './apply-trigger-result.js';
import { BeginFlows } from './begin-flows.js';
import { BeginRequested } from './begin-requested.js';
import type { MatchedNews } from './news.js';

/** What follows from one message: moved runs, new runs, their commands. */
@Injectable()
export class DecideNews {
  constructor(
    private readonly answers: ApplyTriggerResult,
    private readonly platformEvents: ApplyPlatformEvent,
    private readonly waits: BringEvent,
    private readonly requests: BeginRequested,
    private readonly begin: BeginFlows,
  ) {}

  async run(set: WorkingSet, { heard, matches, cause }: MatchedNews, unsettled: readonly UnsettledCommand[]): Promise<void> {
    if (heard.kind === 'answer') return this.answers.run(set, heard.verdict, heard.result, cause);
    if (heard.kind === 'request') return this.requests.run(set, heard, matches, cause);
    await this.platformEvents.run(set, heard.event, cause);
    await this.waits.run(set, heard.event, cause);
    await this.begin.run(set, heard.event, matches, unsettled, cause);
  }
}
