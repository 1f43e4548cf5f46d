import type { EnvironmentHistory, FlowTest, LastGood, RunRecord } from '@stellwerk/flows';

interface Entry extends LastGood {
  environment: string;
  step: string;
  state: 'entered' | 'good' | 'reverted';
}

const DAY_MS = 86_400_000;

/** What was deployed where, as the router's ledger keeps it. */
export class Ledger {
  readonly #entries: Entry[];

  constructor({ spec }: FlowTest, now: Date) {
    this.#entries = Object.entries(spec.environments).map(([environment, { lastGood }]) => ({
      environment, step: '', state: 'good', ...lastGood, deployedAt: lastGood.deployedAt ?? new Date(now.getTime() - DAY_MS).toISOString(),
    }));
  }

  enter(run: RunRecord, environment: string, step: string, now: Date): void {
    const { id, event, env } = run;
    this.#entries.push({ environment, step, state: 'entered', run: { id }, event: { ...event }, env, deployedAt: now.toISOString() });
  }

  markGood(run: string): void {
    for (const entry of this.#entries) if (entry.run.id === run && entry.state === 'entered') entry.state = 'good';
  }

  markReverted(run: string, step: string): void {
    for (const entry of this.#entries) if (entry.run.id === run && entry.step === step) entry.state = 'reverted';
  }

  /** What runs other than this one did to each environment. */
  seenBy(run: string): Record<string, EnvironmentHistory> {
    const others = this.#entries.filter((entry) => entry.run.id !== run).reverse();
    return Object.fromEntries([...new Set(others.map(({ environment }) => environment))].map((environment) => {
      const here = others.filter((entry) => entry.environment === environment);
      const good = here.find(({ state }) => state === 'good');
      return [environment, { ...(good && { lastGood: lastGood(good) }), latest: { run: here[0]!.run.id, at: here[0]!.deployedAt } }];
    }));
  }
}

const lastGood = ({ run, event, env, deployedAt }: Entry): LastGood => ({ run, event, env, deployedAt });
