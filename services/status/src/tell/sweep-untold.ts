import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { STREAMS } from '@stellwerk/contracts';
import { Database } from '@stellwerk/database';
import { ReceivedMessage, StreamReader } from '@stellwerk/messaging';
import { messageOf } from '@stellwerk/service-kit';
import { readRecording, type Recording } from '../record/recording.js';
import { UntoldRepository, type Untold } from '../record/untold.repository.js';
import { TellEvent } from './tell-event.js';

const EVERY_MS = 1_000;
/** A replica that lives tells within milliseconds, or leaves it to us. */
const OLD_SECONDS = 3;
const BATCH = 500;

/** Tells what waited for its turn for long, and what a killed process had written down and not told: its events come again only when the ack wait is over. */
@Injectable()
export class SweepUntold implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(SweepUntold.name);
  private timer: NodeJS.Timeout | undefined;
  private running = false;

  constructor(
    private readonly database: Database,
    private readonly untold: UntoldRepository,
    private readonly stream: StreamReader,
    private readonly tell: TellEvent,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.run(), EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      const old = await this.untold.old(this.database, OLD_SECONDS, BATCH);
      // In the order in which they came, so that each finds the one before it under way.
      const found = await Promise.allSettled(old.filter(({ event }) => !this.tell.has(event)).map((one) => this.read(one)));
      for (const one of found) if (one.status === 'rejected') this.log.warn({ reason: messageOf(one.reason) }, 'untold.unread');
      await Promise.all(found.flatMap((one) => (one.status === 'fulfilled' ? [this.again(one.value)] : [])));
    } catch (error) {
      this.log.warn({ reason: messageOf(error) }, 'untold.not-swept');
    } finally {
      this.running = false;
    }
  }

  private async read(one: Untold): Promise<Untold & { recording?: Recording }> {
    const kept = await this.stream.at(STREAMS.events.name, one.sequence);
    if (!kept) return one;
    const message = new ReceivedMessage({ ...kept, deliveries: 1, signal: NEVER });
    return { ...one, recording: readRecording(message.cloudEvent(), message) };
  }

  private async again({ event, sequence, waitedMs, recording }: Untold & { recording?: Recording }): Promise<void> {
    try {
      if (recording) return await this.tell.run(recording, waitedMs);
      // Fourteen days untold, or erased: there is nothing left to tell it from.
      this.log.error({ event, sequence }, 'untold.event-gone');
      await this.untold.remove(this.database, [event]);
    } catch (error) {
      this.log.warn({ event, sequence, reason: messageOf(error) }, 'untold.left');
    }
  }
}

const NEVER = new AbortController().signal;
