import { Injectable } from '@nestjs/common';
import { EventsRepository } from '../events/events.repository.js';
import type { NextEvents } from './trial-thread.js';

/** Read at once: more would be one long turn of this thread. */
const PAGE = 500;

/** What platforms told, for backtests. */
@Injectable()
export class StoredEvents {
  constructor(private readonly events: EventsRepository) {}

  /** Pages of one walk, newest first; each call gives the next. */
  walk(): NextEvents {
    let cursor: string | undefined;
    let seen = 0;
    return async ({ since, until, limit }) => {
      const page = await this.events.list({ kind: 'platform', since, until, cursor, limit: Math.min(PAGE, limit - seen) });
      seen += page.items.length;
      cursor = page.next ?? undefined;
      const end = cursor === undefined ? 'all' : seen >= limit ? 'limit' : undefined;
      return { items: page.items.map(({ id, type, fact, data }) => ({ id, type, fact, data })), end };
    };
  }
}
