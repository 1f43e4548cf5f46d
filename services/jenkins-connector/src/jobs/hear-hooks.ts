import { Injectable } from '@nestjs/common';
import { ConnectionPool, isPolled } from '@stellwerk/connector-kit';
import type { PlatformEvent } from '@stellwerk/contracts';
import type { ReceivedMessage } from '@stellwerk/messaging';
import { namedAbove, namedJobsOf } from './named-jobs.js';
import { NamedJobsRepository, type NamedJob } from './named-jobs.repository.js';

/** A hook is written down for its job once in so long; hooks "come" for much longer. */
const ONCE_IN_MS = 60_000;

/** Hears which named jobs have hooks: these are looked at less often, and all the same, since a hook may get lost. */
@Injectable()
export class HookHearing {
  readonly #noted = new Map<string, number>();

  constructor(
    private readonly pool: ConnectionPool,
    private readonly named: NamedJobsRepository,
  ) {}

  async hear(message: ReceivedMessage): Promise<void> {
    const event = message.cloudEvent<PlatformEvent>();
    const { connection, repository } = event.data;
    if (isPolled(event) || repository === undefined) return;
    const due = namedAbove(namedJobsOf(this.pool.connections()), connection, repository).filter((job) => this.#isDue(job));
    if (due.length === 0) return;
    await this.named.seenByHook(due);
    for (const job of due) this.#noted.set(keyOf(job), performance.now());
  }

  #isDue(job: NamedJob): boolean {
    return performance.now() - (this.#noted.get(keyOf(job)) ?? -Infinity) >= ONCE_IN_MS;
  }
}

const keyOf = ({ connection, job }: NamedJob): string => JSON.stringify([connection, job]);
