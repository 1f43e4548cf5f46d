import { Inject, Injectable } from '@nestjs/common';
import { shortType, type CloudEvent, type Command, type TriggerEventType } from '@stellwerk/contracts';
import { Publisher, eventMessage } from '@stellwerk/messaging';
import { TIMING_TOKEN, type Timing } from '../timing.js';
import { DatabaseTime } from './database-time.js';
import { rejected } from './decide.js';
import type { Dispatch } from './dispatch.types.js';
import { DispatchWorker } from './dispatch.worker.js';
import type { Entered } from './intents.repository.js';
import { OutcomeRecorder } from './record-outcome.js';
import { tellDelay } from './tell-delay.js';
import { triggerEvent, triggerSubject } from './trigger-event.js';

/** Commands that are not sent when they come: they wait, come too late, or are known. */
@Injectable()
export class CommandSettler {
  constructor(
    private readonly recorder: OutcomeRecorder,
    private readonly worker: DispatchWorker,
    private readonly publisher: Publisher,
    private readonly time: DatabaseTime,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  /**
   * What was said of a known one is said again under the same id; what is under way is brought to its end by the table.
   * `waitMs`: how long one that waits is not sent.
   */
  async settle({ kind, dispatch }: Entered, waitMs = 0): Promise<void> {
    if (kind === 'late') await this.recorder.record(dispatch, rejected('error', dispatch.reason ?? 'it came too late'));
    if (kind === 'known' && dispatch.outcome && dispatch.state !== 'PENDING') await this.#republish(dispatch.outcome);
    if (kind !== 'waiting') return;
    await this.worker.wakeBehind({ lane: dispatch.lane });
    await this.#tellWait(dispatch, waitMs);
  }

  /** Nothing is written of it: were it lost here, the next try would tell. */
  async #tellWait(dispatch: Dispatch, waitMs: number): Promise<void> {
    const now = this.time.now();
    const { event } = tellDelay({ change: { state: 'PENDING', nextAt: new Date(now.getTime() + waitMs) } }, dispatch, { now, timing: this.timing });
    if (!event) return;
    const told = triggerEvent(event.type, dispatch, event.outcome, new Date());
    await this.publisher.publish(eventMessage(triggerSubject(dispatch.command.platform, event.type), told));
  }

  async #republish(event: CloudEvent): Promise<void> {
    const type = shortType(event.type) as TriggerEventType;
    const { platform } = event.data as Command;
    await this.publisher.publish(eventMessage(triggerSubject(platform, type), event));
  }
}
