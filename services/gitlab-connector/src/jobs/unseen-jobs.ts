import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

const KEPT = 1_000;
/** As long as other things that a project refuses are remembered. */
const KEPT_MS = 3_600_000;
/** Notes of one connection that its health tells. */
const MOST_TOLD = 20;

/** Projects whose jobs the connection's credentials may not see. Every replica keeps what it was told itself. */
@Injectable()
export class UnseenJobs {
  readonly #refused = new LRUCache<string, { connection: string; project: string; reason: string }>({ max: KEPT, ttl: KEPT_MS });

  refused(connection: string, project: string, reason: string): void {
    this.#refused.set(`${connection}|${project}`, { connection, project, reason });
  }

  seen(connection: string, project: string): void {
    this.#refused.delete(`${connection}|${project}`);
  }

  /** What a person should know of a connection, in sentences. */
  of(connection: string): string[] {
    const notes = [...this.#refused.values()].filter((note) => note.connection === connection).map(sentenceOf).sort();
    return notes.length > MOST_TOLD ? [...notes.slice(0, MOST_TOLD), 'and more projects whose jobs may not be read'] : notes;
  }
}

const sentenceOf = ({ project, reason }: { project: string; reason: string }): string =>
  `${project}: ends of pipelines are told without their jobs, which the token may not read (${reason}); give it a role that sees them`;
