import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { ShownIds } from '../adapter.js';
import { ConnectorMetrics } from './connector.metrics.js';

const KEPT_COMMANDS = 20_000;

/** Compares what platforms show: no command's id may be on two runs. What is found is a fault of ours, counted and said aloud. */
@Injectable()
export class DuplicateWatch {
  readonly #log = new Logger(DuplicateWatch.name);
  readonly #runs = new LRUCache<string, Set<string>>({ max: KEPT_COMMANDS });

  constructor(private readonly metrics: ConnectorMetrics) {}

  on(connection: string): ShownIds {
    return (commandId, { repository, id }) => {
      const run = `${repository} ${id}`;
      const known = this.#runs.get(commandId);
      if (!known) return void this.#runs.set(commandId, new Set([run]));
      if (known.has(run)) return;
      known.add(run);
      this.metrics.duplicate(connection);
      this.#log.error({ connection, command: commandId, runs: [...known] }, 'duplicate.found');
    };
  }
}
