import { LRUCache } from 'lru-cache';
import type { ConnectionCalls } from '@stellwerk/connector-kit';
import { pipelinePages, type PipelinePage, type ReadPage } from '../gitlab.client.js';

/** Look-ups begin at times of this grid, so that those of calls sent in one moment read the same. */
const GRID_MS = 5_000;
/** Who comes later reads anew: a look-up must not rest on what was seen long before it. */
const SHARED_MS = 500;
const MOST_READERS = 50;

/** Pipelines of a ref that were created in a span of time, in ms since the epoch. */
export interface Span {
  project: string;
  ref: string;
  from: number;
  until: number;
}

/**
 * Pages that look-ups of one moment read together. When a connector dies, all that it had in hand is looked up at once, and to know that a
 * run is absent each has to see all pipelines since its call: in a busy project that are dozens of pages.
 */
export class SharedPages {
  readonly #readers = new LRUCache<string, ReadPage>({ max: MOST_READERS, ttl: SHARED_MS });

  /** Pages of the pipelines of that time, oldest first, and of some seconds around it. */
  of(calls: ConnectionCalls, { project, ref, from, until }: Span): ReadPage {
    const createdAfter = new Date(Math.floor(from / GRID_MS) * GRID_MS);
    const createdBefore = new Date(Math.ceil(until / GRID_MS) * GRID_MS);
    const key = JSON.stringify([calls.connection.name, project, ref, createdAfter, createdBefore]);
    const known = this.#readers.get(key);
    if (known) return known;
    // What was created since then was updated since then too.
    const reader = readingOnce(pipelinePages(calls, project, { updatedAfter: createdAfter, createdAfter, createdBefore, ref, sort: 'asc' }));
    this.#readers.set(key, reader);
    return reader;
  }
}

/** Each page once; one that could not be read is read again by the next who wants it. */
const readingOnce = (read: ReadPage): ReadPage => {
  const pages = new Map<number, Promise<PipelinePage>>();
  return (page) => {
    const known = pages.get(page);
    if (known) return known;
    const reading = read(page).catch((error: unknown) => {
      pages.delete(page);
      throw error;
    });
    pages.set(page, reading);
    return reading;
  };
};
