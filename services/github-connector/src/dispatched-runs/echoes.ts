import { LRUCache } from 'lru-cache';
import { showsId } from './find-run.js';

export interface WorkflowPlace {
  connection: string;
  repository: string;
  workflow: string;
}

const HOUR_MS = 3_600_000;
/** A workflow that did not show it is asked about again so late. */
const ASK_AGAIN_MS = 60_000;

/** Workflows whose `run-name` was seen to show our id: their runs cannot be mistaken for each other. */
export class Echoes {
  readonly #seen = new LRUCache<string, true>({ max: 5_000, ttl: HOUR_MS });
  readonly #asked = new LRUCache<string, true>({ max: 5_000, ttl: ASK_AGAIN_MS });

  learn(place: WorkflowPlace, title: string | undefined, commandId: string): void {
    if (showsId(title, commandId)) this.#seen.set(keyOf(place), true);
  }

  /** True once a minute for each workflow. */
  mayAsk(place: WorkflowPlace): boolean {
    const key = keyOf(place);
    if (this.#asked.has(key)) return false;
    this.#asked.set(key, true);
    return true;
  }

  known(connection: string, repository: string, workflow: string): boolean {
    return this.#seen.has(keyOf({ connection, repository, workflow }));
  }
}

const keyOf = ({ connection, repository, workflow }: WorkflowPlace): string => `${connection}|${repository.toLowerCase()}|${workflow}`;
