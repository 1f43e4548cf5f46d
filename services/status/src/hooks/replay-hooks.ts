import { Injectable } from '@nestjs/common';
import { STREAMS } from '@stellwerk/contracts';
import { Publisher, StreamReader } from '@stellwerk/messaging';
import { failpoint, sleep } from '@stellwerk/service-kit';
import { HookReplaysRepository, type HookReplay, type Stretch } from './hook-replays.repository.js';
import { fits, replayedHook, subjectOf } from './replayed-hook.js';

const HOOKS = STREAMS.hooks.name;

/** A hook is stored after it was received; by clocks that differ it may look the other way round. */
const SKEW_MS = 15 * 60_000;

/** Looked at between two notes of how far it is. */
const STRETCH = 200;

/** Live hooks go first: no more than this many replayed ones wait before ingress and the router at a time. */
const MOST_WAITING = 100;
const READERS = [[HOOKS, 'ingress-hooks'], [STREAMS.events.name, 'router-events']] as const;
const WAIT_MS = 500;

/** Puts stored hooks into HOOKS once more. Interrupted anywhere, it goes on where it was; what is sent twice has the same id. */
@Injectable()
export class ReplayHooks {
  constructor(
    private readonly replays: HookReplaysRepository,
    private readonly reader: StreamReader,
    private readonly publisher: Publisher,
  ) {}

  /** All replays that nobody else works at. Throws StoreAwayError when a store is away; they go on later. */
  async run(signal: AbortSignal): Promise<void> {
    for (let replay = await this.replays.claim(); replay; replay = await this.replays.claim()) {
      try {
        await this.one(replay, signal);
      } finally {
        await this.replays.release(replay.number);
      }
      if (signal.aborted) return;
    }
  }

  private async one(replay: HookReplay, signal: AbortSignal): Promise<void> {
    const place = await this.begin(replay);
    if (!place) return;
    let { next } = place;
    while (!signal.aborted) {
      if (!(await this.turnComes(replay, next, signal))) return;
      const stretch = await this.stretch(replay, next, place.last);
      failpoint('status.hooks-replayed');
      if (!(await this.replays.advance(replay.number, next, stretch)) || stretch.done) return;
      next = stretch.next;
    }
  }

  /** Its end is where the stream ends now: it must not meet its own copies. */
  private async begin({ number, filter, next, last }: HookReplay): Promise<{ next: number; last: number } | undefined> {
    if (next !== null && last !== null) return { next, last };
    const { lastSequence } = await this.reader.state(HOOKS);
    const first = await this.reader.sequenceAt(HOOKS, new Date(Date.parse(filter.since) - SKEW_MS));
    return (await this.replays.begin(number, first, lastSequence)) ? { next: first, last: lastSequence } : undefined;
  }

  /** False: stopped, or taken over by another replica, while it waited. */
  private async turnComes({ number, dryRun }: HookReplay, next: number, signal: AbortSignal): Promise<boolean> {
    while (!dryRun && !signal.aborted) {
      const waiting = Math.max(...await Promise.all(READERS.map(([stream, consumer]) => this.reader.backlog(stream, consumer))));
      const mayGo = waiting <= MOST_WAITING;
      if (!(await this.replays.hold(number, next, mayGo ? null : `${waiting} messages are before it`))) return false;
      if (mayGo) return true;
      await sleep(WAIT_MS, signal);
    }
    return !signal.aborted;
  }

  private async stretch({ number, filter, again, dryRun }: HookReplay, from: number, last: number): Promise<Stretch> {
    const stretch: Stretch = { next: from, scanned: 0, matched: 0, sent: 0, done: false };
    const subject = subjectOf(filter);
    for (let left = Math.min(STRETCH, MOST_WAITING); left > 0; left -= 1) {
      const kept = await this.reader.next(HOOKS, stretch.next, subject);
      if (!kept || kept.sequence > last) return { ...stretch, next: last + 1, done: true };
      stretch.next = kept.sequence + 1;
      stretch.scanned += 1;
      if (!fits(kept, filter)) continue;
      stretch.matched += 1;
      if (dryRun) continue;
      await this.publisher.publish(replayedHook(kept, number, again));
      stretch.sent += 1;
    }
    return stretch;
  }
}
