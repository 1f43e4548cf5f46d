import type { Store, Table } from './store.js';

/** How a run shall end, in the platform's own words; `never` = it goes on until cancelled. */
export interface PlannedOutcome {
  result: string;
  /** Overrides the simulator's run time. */
  milliseconds?: number;
  /** GitLab: the failure_reason of the job. */
  reason?: string;
}

interface Plan {
  next: PlannedOutcome[];
  always?: PlannedOutcome;
}

/** What the next runs of a pipeline come to; kept over restarts. Keys are `owner/name/file.yml`, `group/project`, `folder/job`. */
export class OutcomeBook {
  private readonly plans: Table<Plan>;

  constructor(store: Store) {
    this.plans = store.table<Plan>('outcomes');
  }

  /** The next runs end so, one after the other; then as before. */
  next(key: string, outcomes: (string | PlannedOutcome)[]): void {
    const plan = this.plan(key);
    this.plans.put(key, { ...plan, next: [...plan.next, ...outcomes.map(planned)] });
  }

  /** Every run for which nothing is queued ends so. */
  always(key: string, outcome: string | PlannedOutcome): void {
    this.plans.put(key, { ...this.plan(key), always: planned(outcome) });
  }

  /** Takes the next one. */
  take(key: string, success: string): PlannedOutcome {
    const plan = this.plan(key);
    const [first, ...rest] = plan.next;
    if (!first) return plan.always ?? { result: success };
    this.plans.put(key, { ...plan, next: rest });
    return first;
  }

  private plan(key: string): Plan {
    return this.plans.get(key) ?? { next: [] };
  }
}

const planned = (outcome: string | PlannedOutcome): PlannedOutcome => (typeof outcome === 'string' ? { result: outcome } : outcome);
