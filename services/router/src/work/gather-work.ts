import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { AwaitedEvent, EventContext } from '@stellwerk/flows';
import { JoinsRepository } from '../joins/joins.repository.js';
import { CommandsRepository } from '../runs/commands.repository.js';
import { PlatformRunsRepository } from '../runs/platform-runs.repository.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { digestOf } from '../waits/awaited-digest.js';
import { EventWaitsRepository } from '../waits/event-waits.repository.js';
import { WorkingSet } from './working-set.js';

/** What a transaction has to do with, as far as its messages tell. */
export interface Needs {
  /** Ids of runs that are spoken of. */
  runs: string[];
  /** Ids of commands that are answered or echoed. */
  commands: string[];
  /** Keys of runs of platforms about which something is learned. */
  platformRuns: string[];
  /** Keys of runs of platforms that may have been started by commands of ours. */
  started: string[];
  /** Events that runs may wait for. */
  events: EventContext[];
  /** What runs that start will wait for. */
  awaited: AwaitedEvent[];
  /** Ids of joins of which a part may have come, or whose time is over. */
  joins: string[];
}

export const needs = (some: Partial<Needs> = {}): Needs => ({ runs: [], commands: [], platformRuns: [], started: [], events: [], awaited: [], joins: [], ...some });

/** Locks and reads what a transaction has to do with, in the one order of locks: runs of platforms, joins, what is awaited, then runs. */
@Injectable()
export class GatherWork {
  constructor(
    private readonly runs: RunsRepository,
    private readonly commands: CommandsRepository,
    private readonly platformRuns: PlatformRunsRepository,
    private readonly joins: JoinsRepository,
    private readonly waits: EventWaitsRepository,
  ) {}

  async run(tx: Queryable, what: Needs): Promise<WorkingSet> {
    const set = new WorkingSet(tx);
    const [states, joins, commands, templates] = await Promise.all([
      this.platformRuns.lock(tx, what.platformRuns),
      this.joins.lock(tx, what.joins),
      this.commands.find(tx, what.commands, [...what.platformRuns, ...what.started]),
      what.events.length > 0 ? this.waits.templates(tx) : [],
    ]);
    set.platformRuns.load(states);
    set.commands.load(commands);
    set.triggers.load(joins);
    const heard = new Set(set.waits.know(templates, what.events));
    // What starting runs will wait for is locked only: those that wait for it already have nothing to do with them.
    const waiting = (await this.waits.lock(tx, [...heard, ...what.awaited.map(digestOf)])).filter(({ digest }) => heard.has(digest));
    set.waits.load(waiting);
    const joined = joins.flatMap(({ state, run }) => (state === 'complete' && run !== undefined ? [run] : []));
    set.runs.load(await this.runs.lock(tx, [...what.runs, ...[...commands, ...waiting].map(({ run }) => run), ...joined]));
    return set;
  }
}
