import type { RunRecord } from '@stellwerk/flows';
import { factOf, jobsFactOf } from '../runs/start-facts.js';

const onceBy = ({ flow }: RunRecord, fact: string): string => JSON.stringify([flow, fact]);

/** The runs of one transaction: those it has locked, and those it starts. */
export class RunsAtHand {
  readonly #runs = new Map<string, RunRecord>();
  /** Ids of new runs, with what they are ordered by. */
  readonly #started = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #changed = new Set<string>();
  /** Runs that were not started, as they are at hand already. */
  readonly again: RunRecord[] = [];

  /** Runs that are locked. */
  load(runs: readonly RunRecord[]): void {
    for (const run of runs) this.#runs.set(run.id, run);
  }

  get(id: string): RunRecord | undefined {
    return this.#runs.get(id);
  }

  /** False when a run of this flow and fact is at hand already, or of the same end by its jobs. */
  start(run: RunRecord): boolean {
    const byJobs = jobsFactOf(run);
    const names = [factOf(run), ...(byJobs === undefined ? [] : [byJobs])].map((fact) => onceBy(run, fact));
    const isKnown = this.#runs.has(run.id) || names.some((name) => this.#taken.has(name));
    for (const name of names) this.#taken.add(name);
    if (isKnown) {
      this.again.push(run);
      return false;
    }
    this.#started.set(run.id, names.at(-1)!);
    this.#runs.set(run.id, run);
    return true;
  }

  change(run: RunRecord): void {
    this.#runs.set(run.id, run);
    this.#changed.add(run.id);
  }

  /** Runs to be inserted, in the one order in which all transactions insert them: two ends that are one come at the same place. */
  get started(): RunRecord[] {
    return [...this.#started].sort(([, a], [, b]) => (a < b ? -1 : 1)).map(([id]) => this.#runs.get(id)!);
  }

  /** Runs to be updated. */
  get changed(): RunRecord[] {
    return [...this.#changed].filter((id) => !this.#started.has(id)).map((id) => this.#runs.get(id)!);
  }
}
