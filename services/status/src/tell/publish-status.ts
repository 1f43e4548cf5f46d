import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Database, enqueue, OutboxRelay } from '@stellwerk/database';
import { eventMessage, Publisher, type OutgoingMessage } from '@stellwerk/messaging';
import { messageOf, sleep, StoreAwayError, type TraceHeaders } from '@stellwerk/service-kit';
import type { StatusMessage } from '../record/status-messages.js';

type Message = OutgoingMessage & { body: string; headers: Record<string, string> };

const AGAIN_MS = 1_000;

/**
 * Sends messages to STATUS. What the broker does not take now waits in the outbox, and all that follows with it, in its
 * order, until that is empty: a full STATUS holds up neither the read model nor, by 4 s of trying, any single event.
 */
@Injectable()
export class PublishStatus implements OnApplicationShutdown {
  private readonly log = new Logger(PublishStatus.name);
  private detour = false;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly publisher: Publisher,
    private readonly outbox: OutboxRelay,
  ) {}

  onApplicationShutdown(): void {
    this.stopped = true;
  }

  /** Resolves when each message is stored, by the broker or in the outbox. Throws PermanentError for one that no broker takes. */
  async run(told: readonly StatusMessage[], trace: TraceHeaders): Promise<void> {
    const messages = told.map(({ subject, event }) => eventMessage(subject, event));
    if (this.detour) return this.leave(messages, trace);
    const results = await Promise.allSettled(messages.map((message) => this.publisher.publish({ ...message, trace })));
    const failures = results.flatMap((result, at) => (result.status === 'rejected' ? [{ message: messages[at]!, error: result.reason as unknown }] : []));
    const left = failures.filter(({ error }) => error instanceof StoreAwayError);
    if (left.length > 0) {
      this.beginDetour(left[0]!.error);
      await this.leave(left.map(({ message }) => message), trace);
    }
    const refused = failures.find(({ error }) => !(error instanceof StoreAwayError));
    if (refused) throw refused.error;
  }

  private async leave(messages: readonly Message[], trace: TraceHeaders): Promise<void> {
    await this.database.transaction((tx) => enqueue(tx, messages, trace));
  }

  private beginDetour(error: unknown): void {
    if (this.detour) return;
    this.detour = true;
    this.log.warn({ reason: messageOf(error) }, 'status.by-outbox');
    void this.endDetour();
  }

  private async endDetour(): Promise<void> {
    while (this.detour && !this.stopped) {
      await sleep(AGAIN_MS);
      try {
        await this.outbox.flush();
        this.detour = false;
        this.log.log({}, 'status.direct-again');
      } catch (error) {
        this.log.debug({ reason: messageOf(error) }, 'status.still-by-outbox');
      }
    }
  }
}
