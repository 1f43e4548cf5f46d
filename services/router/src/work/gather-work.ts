import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { CommandsRepository } from '../runs/commands.repository.js';
import { PlatformRunsRepository } from '../runs/platform-runs.repository.js';
import { RunsRepository } from '../runs/runs.repository.js';
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
}

export const needs = (some: Partial<Needs> = {}): Needs => ({ runs: [], commands: [], platformRuns: [], started: [], ...some });

/** Locks and reads what a transaction has to do with, in the one order of locks: runs of platforms, then runs. */
@Injectable()
export class GatherWork {
  constructor(
    private readonly runs: RunsRepository,
    private readonly commands: CommandsRepository,
    private readonly platformRuns: PlatformRunsRepository,
  ) {}

  async run(tx: Queryable, what: Needs): Promise<WorkingSet> {
    const set = new WorkingSet(tx);
    const [states, commands] = await Promise.all([
      this.platformRuns.lock(tx, what.platformRuns),
      this.commands.find(tx, what.commands, [...what.platformRuns, ...what.started]),
    ]);
    set.platformRuns.load(states);
    set.commands.load(commands);
    set.runs.load(await this.runs.lock(tx, [...what.runs, ...commands.map(({ run }) => run)]));
    return set;
  }
}
