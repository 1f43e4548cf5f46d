import { Injectable, Logger } from '@nestjs/common';
import { failpoint, inSpan, PermanentError, SpanKind } from '@stellwerk/service-kit';
import { RecordEvents } from '../record/record-events.js';
import { RecordMetrics } from '../record/record-metrics.js';
import type { Recording } from '../record/recording.js';
import type { StatusMessage } from '../record/status-messages.js';
import { PublishStatus } from './publish-status.js';
import type { Turn } from './turn.js';
import { Turns } from './turns.js';

/** One event from its coming to the last message about it: written down, and told when it is its turn. Safe to repeat. */
@Injectable()
export class TellEvent {
  private readonly log = new Logger(TellEvent.name);
  private readonly inHand = new Set<string>();

  constructor(
    private readonly events: RecordEvents,
    private readonly turns: Turns,
    private readonly status: PublishStatus,
    private readonly metrics: RecordMetrics,
  ) {}

  /** `waitedMs`: how long it has been untold. When its turn does not come, it stays so and is left to the sweep. */
  async run(recording: Recording, waitedMs = 0): Promise<void> {
    const { id } = recording.event;
    this.inHand.add(id);
    try {
      await this.tell(recording, waitedMs);
    } finally {
      this.inHand.delete(id);
    }
  }

  has(event: string): boolean {
    return this.inHand.has(event);
  }

  private async tell(recording: Recording, waitedMs: number): Promise<void> {
    const { event, type, trace } = recording;
    const { messages, untold, late } = await inSpan('status record', { kind: SpanKind.INTERNAL, parent: trace, attributes: { 'cloudevents.event_type': event.type } },
      () => this.events.run(recording));
    failpoint('status.after-commit');
    this.metrics.recorded(event);
    const turn = untold ? await this.inTurn(recording, { messages, late, waitedMs }) : 'late';
    this.log.debug({ event: event.id, type, correlation: event.correlationid, turn, messages: messages.length }, 'event.recorded');
  }

  private async inTurn(recording: Recording, { messages, late, waitedMs }: { messages: StatusMessage[]; late: boolean; waitedMs: number }): Promise<Turn> {
    const { event: { id }, trace } = recording;
    try {
      const turn = await this.turns.run(recording, { late, waitedMs }, () => this.status.run(messages, trace));
      failpoint('status.after-tell');
      if (turn === 'now') this.metrics.told(messages);
      if (turn !== 'wait') this.events.confirm(id);
      return turn;
    } catch (error) {
      // No broker will take it: nobody is to try again, and those behind it are not to wait.
      if (error instanceof PermanentError) this.events.confirm(id);
      throw error;
    }
  }
}
