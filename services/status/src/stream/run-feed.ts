import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { messageOf } from '@stellwerk/service-kit';
import type { ChangeCursor } from './change-cursor.js';
import { ChangeWindow } from './change-window.js';
import { ChangesRepository, type RunChange } from './changes.repository.js';

const POLL_MS = 250;
const PAGE = 200;
const KEPT = 500;

/**
 * The changes of all runs as they become visible, for any number of readers with one query a quarter second.
 * Readers pull: a slow one holds nothing here and skips versions that were overtaken meanwhile.
 */
@Injectable()
export class RunFeed implements BeforeApplicationShutdown {
  private readonly log = new Logger(RunFeed.name);
  private readonly closing = new AbortController();
  private window: ChangeWindow | undefined;
  private readers = 0;
  private timer: NodeJS.Timeout | undefined;
  private waiting: (() => void)[] = [];

  constructor(private readonly changes: ChangesRepository) {}

  now(): Promise<ChangeCursor> {
    return this.changes.now();
  }

  /** Batches of changes behind `cursor`, each awaited by the reader, until `signal` or the service ends it. */
  async *follow(cursor: ChangeCursor, signal: AbortSignal): AsyncGenerator<RunChange[]> {
    const end = AbortSignal.any([signal, this.closing.signal]);
    this.join();
    try {
      let place = cursor;
      while (!end.aborted) {
        const batch = this.window?.behind(place) ?? (await this.changes.after(place, PAGE));
        if (batch.length > 0) yield batch;
        else await this.moved(end);
        place = batch.at(-1)?.cursor ?? place;
      }
    } finally {
      this.leave();
    }
  }

  beforeApplicationShutdown(): void {
    clearTimeout(this.timer);
    this.closing.abort();
  }

  /** Resolves after the next look at the database. */
  private moved(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => { signal.removeEventListener('abort', done); resolve(); };
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
      else this.waiting.push(done);
    });
  }

  private join(): void {
    this.readers += 1;
    if (this.readers === 1) this.schedule();
  }

  private leave(): void {
    this.readers -= 1;
    if (this.readers > 0) return;
    clearTimeout(this.timer);
    this.window = undefined;
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.poll(), POLL_MS);
  }

  private async poll(): Promise<void> {
    try {
      const window = this.window ?? new ChangeWindow(await this.changes.now(), KEPT);
      window.add(await this.changes.after(window.head, PAGE));
      if (this.readers > 0) this.window = window;
    } catch (error) {
      this.log.warn({ reason: messageOf(error) }, 'feed.poll-failed');
    }
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
    if (this.readers > 0 && !this.closing.signal.aborted) this.schedule();
  }
}
