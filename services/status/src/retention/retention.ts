import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { STREAMS } from '@stellwerk/contracts';
import { messageOf } from '@stellwerk/service-kit';
import { StatusConfig } from '../status.config.js';
import { RetentionRepository, type Aged } from './retention.repository.js';

const EVERY_MS = 3_600_000;
/** Keys that keep something from being told twice outlive every replay. */
const KEY_DAYS = 90;
/** As long as the stream has what they speak of. */
const LETTER_DAYS = STREAMS.deadLetters.maxAgeDays + 1;

/** Once an hour, what is older than its time goes. */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(Retention.name);
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly config: StatusConfig, private readonly repository: RetentionRepository) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.run(), EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  async run(): Promise<void> {
    const { eventsDays, runsDays } = this.config;
    const ages: [Aged, number][] = [
      ['events', eventsDays], ['runs', runsDays], ['approvals', runsDays], ['deployments', runsDays], ['platformRuns', Math.max(eventsDays, KEY_DAYS)], ['facts', KEY_DAYS],
      ['requests', KEY_DAYS], ['letters', LETTER_DAYS], ['replays', LETTER_DAYS], ['flowRevisions', runsDays],
    ];
    try {
      for (const [what, days] of ages) await this.clear(what, days);
    } catch (error) {
      this.log.warn({ reason: messageOf(error) }, 'retention.failed');
    }
  }

  private async clear(what: Aged, days: number): Promise<void> {
    let total = 0;
    for (let more = true; more && !this.stopped;) {
      const batch = await this.repository.deleteBatch(what, days);
      total += batch.deleted;
      more = batch.more;
    }
    if (total > 0) this.log.log({ what, rows: total }, 'retention.deleted');
  }
}
