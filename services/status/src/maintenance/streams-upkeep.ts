import { Injectable, Logger } from '@nestjs/common';
import { StreamKeeper } from '@stellwerk/messaging';
import { Metrics } from '@stellwerk/service-kit';
import { BackgroundWork } from '../background/background-work.js';
import { OneAtATimeRepository } from './one-at-a-time.repository.js';

/** A stream of 4 GiB that takes 20 MB/s is full a minute after it was found roomy enough. */
const EVERY_MS = 15_000;

/** Watches how full the streams are, and makes room in those of which everything old is settled (ADR 8). */
@Injectable()
export class StreamsUpkeep extends BackgroundWork {
  private readonly log = new Logger('streams');
  private readonly bytes;
  private readonly ratio;
  private readonly purged;

  constructor(private readonly keeper: StreamKeeper, private readonly once: OneAtATimeRepository, metrics: Metrics) {
    super('streams', EVERY_MS, () => this.round());
    this.bytes = metrics.gauge('stellwerk_status_stream_bytes', 'What a stream holds', ['stream']);
    this.ratio = metrics.gauge('stellwerk_status_stream_full_ratio', 'That as a part of its max_bytes: at 1 it takes no more', ['stream']);
    this.purged = metrics.counter('stellwerk_status_stream_purged_total', 'Settled messages purged to make room', ['stream']);
  }

  async round(): Promise<void> {
    for (const { stream, bytes, maxBytes, full } of await this.keeper.look()) {
      this.bytes.set({ stream }, bytes);
      this.ratio.set({ stream }, bytes / maxBytes);
      if (full) await this.once.run(`room:${stream}`, () => this.makeRoom(stream));
    }
  }

  private async makeRoom(stream: string): Promise<void> {
    const { purged, heldBy } = await this.keeper.makeRoom(stream);
    if (purged === 0) return this.log.warn({ stream, heldBy }, 'stream.full');
    this.purged.inc({ stream }, purged);
    this.log.log({ stream, purged }, 'stream.room-made');
  }
}
