import { Injectable } from '@nestjs/common';
import { PlatformEvent, shortType, TriggerResult, type CloudEvent } from '@stellwerk/contracts';
import { Database, enqueue, type Queryable } from '@stellwerk/database';
import { eventMessage } from '@stellwerk/messaging';
import { validated, type TraceHeaders } from '@stellwerk/service-kit';
import { HealthRepository } from './health.repository.js';
import { PlatformRunsRepository } from './platform-runs.repository.js';
import { RecordRun } from './record-run.js';
import { ReceivedRunChanged } from './run-changed.message.js';
import { pipelineRunStatusMessage, type StatusMessage } from './status-messages.js';
import { kindOf, otherEntry, platformEntry, runEntry, triggerEntry, type TimelineEntry } from './timeline.js';
import { TimelineRepository } from './timeline.repository.js';

/** What one event means here: its place in the timeline, and what else it changes. */
interface Recording {
  entry: TimelineEntry;
  apply(tx: Queryable): Promise<StatusMessage[]>;
}

const traceId = (trace: TraceHeaders): string | undefined => trace.traceparent?.split('-')[1];

/** Writes an event down and puts into the outbox what people shall hear of it, in one transaction. */
@Injectable()
export class RecordEvent {
  constructor(
    private readonly database: Database,
    private readonly timeline: TimelineRepository,
    private readonly runs: RecordRun,
    private readonly platformRuns: PlatformRunsRepository,
    private readonly health: HealthRepository,
  ) {}

  /** The messages that were put into the outbox. */
  async run(event: CloudEvent, trace: TraceHeaders): Promise<StatusMessage[]> {
    const { entry, apply } = this.recordingOf(shortType(event.type), event);
    return this.database.transaction(async (tx) => {
      if (!(await this.timeline.add(tx, entry, traceId(trace)))) return [];
      const messages = await apply(tx);
      await enqueue(tx, messages.map((message) => eventMessage(message.subject, message.event)), trace);
      return messages;
    });
  }

  private recordingOf(type: string, event: CloudEvent): Recording {
    switch (kindOf(type)) {
      case 'platform': return this.platform(type, { ...event, data: validated(PlatformEvent, event.data) });
      case 'trigger': return this.trigger(type, { ...event, data: validated(TriggerResult, event.data) });
      case 'run': return this.runChange(type, { ...event, data: validated(ReceivedRunChanged, event.data) });
      case 'health': return this.connectionHealth(type, event);
      default: return { entry: otherEntry(type, event), apply: async () => [] };
    }
  }

  private platform(type: string, event: CloudEvent<PlatformEvent>): Recording {
    return {
      entry: platformEntry(type, event),
      apply: async (tx) => {
        if (!type.startsWith('pipelinerun.')) return [];
        await this.platformRuns.seen(tx, type, event);
        return (await this.platformRuns.tellOnce(tx, event.fact)) ? [pipelineRunStatusMessage(type, event)] : [];
      },
    };
  }

  private trigger(type: string, event: CloudEvent<TriggerResult>): Recording {
    const apply = async (tx: Queryable): Promise<StatusMessage[]> => {
      await this.platformRuns.claimed(tx, event);
      return [];
    };
    return { entry: triggerEntry(type, event), apply };
  }

  private runChange(type: string, event: CloudEvent<ReceivedRunChanged>): Recording {
    return { entry: runEntry(type, event), apply: (tx) => this.runs.run(tx, type, event) };
  }

  private connectionHealth(type: string, event: CloudEvent): Recording {
    const entry = otherEntry(type, event);
    const apply = async (tx: Queryable): Promise<StatusMessage[]> => {
      if (entry.connection) await this.health.save(tx, entry.connection, event.data, event.time);
      return [];
    };
    return { entry, apply };
  }
}
