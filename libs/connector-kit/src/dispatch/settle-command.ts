import { Injectable } from '@nestjs/common';
import { shortType, type CloudEvent, type Command, type TriggerEventType } from '@stellwerk/contracts';
import { Publisher, eventMessage } from '@stellwerk/messaging';
import { rejected } from './decide.js';
import { DispatchWorker } from './dispatch.worker.js';
import type { Entered } from './intents.repository.js';
import { OutcomeRecorder } from './record-outcome.js';
import { triggerSubject } from './trigger-event.js';

/** Commands that are not sent when they come: they wait, come too late, or are known. */
@Injectable()
export class CommandSettler {
  constructor(
    private readonly recorder: OutcomeRecorder,
    private readonly worker: DispatchWorker,
    private readonly publisher: Publisher,
  ) {}

  /** What was said of a known one is said again under the same id; what is under way is brought to its end by the table. */
  async settle({ kind, dispatch }: Entered): Promise<void> {
    if (kind === 'late') await this.recorder.record(dispatch, rejected('error', dispatch.reason ?? 'it came too late'));
    if (kind === 'known' && dispatch.outcome && dispatch.state !== 'PENDING') await this.#republish(dispatch.outcome);
    if (kind === 'waiting') await this.worker.wakeBehind({ lane: dispatch.lane });
  }

  async #republish(event: CloudEvent): Promise<void> {
    const type = shortType(event.type) as TriggerEventType;
    const { platform } = event.data as Command;
    await this.publisher.publish(eventMessage(triggerSubject(platform, type), event));
  }
}
