import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

const KEPT = 1_000;
/** As long as other things that a project refuses are remembered. */
const KEPT_MS = 3_600_000;

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
    return [...this.#refused.values()].filter((note) => note.connection === connection).map(sentenceOf).sort();
  }
}

const sentenceOf = ({ project, reason }: { project: string; reason: string }): string =>
  `${project}: ends of pipelines are told without their jobs, which the token may not read (${reason}); give it a role that sees them`;
