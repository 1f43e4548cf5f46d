import type { RunRecord } from '@stellwerk/flows';

const onceBy = (run: RunRecord): string => JSON.stringify([run.flow, run.event.fact]);

/** The runs of one transaction: those it has locked, and those it starts. */
export class RunsAtHand {
  readonly #runs = new Map<string, RunRecord>();
  readonly #started = new Map<string, string>();
  readonly #changed = new Set<string>();

  /** Runs that are locked. */
  load(runs: readonly RunRecord[]): void {
    for (const run of runs) this.#runs.set(run.id, run);
  }

  get(id: string): RunRecord | undefined {
    return this.#runs.get(id);
  }

  /** False when a run of this flow and fact is at hand already. */
  start(run: RunRecord): boolean {
    const once = onceBy(run);
    if (this.#runs.has(run.id) || this.#started.has(once)) return false;
    this.#started.set(once, run.id);
    this.#runs.set(run.id, run);
    return true;
  }

  change(run: RunRecord): void {
    this.#runs.set(run.id, run);
    this.#changed.add(run.id);
  }

  /** Runs to be inserted, in the one order in which all transactions insert them. */
  get started(): RunRecord[] {
    return [...this.#started].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, id]) => this.#runs.get(id)!);
  }

  /** Runs to be updated. */
  get changed(): RunRecord[] {
    const started = new Set(this.#started.values());
    return [...this.#changed].filter((id) => !started.has(id)).map((id) => this.#runs.get(id)!);
  }
}
