import type { ConnectionCalls, Walked } from '@stellwerk/connector-kit';
import { githubRunHasBegun, type GithubWorkflowRun } from '@stellwerk/platforms';
import { walkRuns, type RunWindow } from '../walk-runs.js';
import type { ListWork, PacedReads } from './paced-reads.js';
import { readAttempt, readHasBegun, readRunsOf } from './run-list.client.js';

/** One attempt of a run, as GitHub shows it afterwards. */
export interface SeenAttempt {
  run: GithubWorkflowRun;
  begun: boolean;
}

export interface RunsSought {
  repository: string;
  /** When they were created. */
  window: RunWindow;
  /** Attempts that were over before are none of ours; ms since 1970. */
  since: number;
  /** Pages that may be read. */
  most: number;
}

/** Looks through the lists of a repository for what its runs came to in a time. */
export class RunsOfTime {
  constructor(
    private readonly calls: ConnectionCalls,
    private readonly reads: PacedReads,
    private readonly work: ListWork,
  ) {}

  /** Every attempt that may have come to something since then, of the runs created in the window. @throws Refused, TurnOver, SweepTaken, call errors */
  async find({ repository, window, since, most }: RunsSought): Promise<{ attempts: SeenAttempt[]; walked: Walked }> {
    const runs = new Map<string, GithubWorkflowRun>();
    const read = (span: RunWindow, page: number, round: number) =>
      this.#once(`runs ${span.from.toISOString()} ${span.until?.toISOString()} ${page} ${round}`, () => readRunsOf(this.calls, repository, span, page));
    const walked = await walkRuns(read, { window, most, over: true }, (page) => {
      for (const run of page) if (run.id !== undefined && !wasOver(run, since)) runs.set(run.id, run);
      return false;
    });
    const attempts: SeenAttempt[] = [];
    for (const [id, run] of runs) attempts.push(...(await this.#attemptsOf(repository, id, run, since)));
    return { attempts, walked };
  }

  /** The last one, and those before it that were not over yet. */
  async #attemptsOf(repository: string, id: string, last: GithubWorkflowRun, since: number): Promise<SeenAttempt[]> {
    const attempts: SeenAttempt[] = [];
    for (let run: GithubWorkflowRun | undefined = last; run && !wasOver(run, since);) {
      const number: number = run.run_attempt ?? 1;
      attempts.push({ run, begun: githubRunHasBegun(run) ?? (await this.#once(`jobs ${id} ${number}`, () => readHasBegun(this.calls, repository, id, number))) });
      // Of one that began before, the attempt before it was over still earlier.
      if (number === 1 || at(run.run_started_at) < since) break;
      run = await this.#once(`attempt ${id} ${number - 1}`, () => readAttempt(this.calls, repository, id, number - 1));
    }
    return attempts;
  }

  #once<T>(key: string, read: () => Promise<T>): Promise<T> {
    return this.reads.once(this.work, key, read);
  }
}

const at = (time: string | undefined): number => Date.parse(time ?? '');

const wasOver = ({ status, updated_at: updated }: GithubWorkflowRun, since: number): boolean => status === 'completed' && at(updated) < since;
