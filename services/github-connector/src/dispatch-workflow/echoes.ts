import { LRUCache } from 'lru-cache';

export interface WorkflowPlace {
  connection: string;
  repository: string;
  workflow: string;
}

const HOUR_MS = 3_600_000;

/** Workflows whose `run-name` was seen to show our id: their runs cannot be mistaken for each other. */
export class Echoes {
  readonly #seen = new LRUCache<string, true>({ max: 5_000, ttl: HOUR_MS });

  learn(place: WorkflowPlace, title: string | undefined, commandId: string): void {
    if (title?.includes(commandId)) this.#seen.set(keyOf(place), true);
  }

  known(connection: string, repository: string, workflow: string): boolean {
    return this.#seen.has(keyOf({ connection, repository, workflow }));
  }
}

const keyOf = ({ connection, repository, workflow }: WorkflowPlace): string => `${connection}|${repository.toLowerCase()}|${workflow}`;
