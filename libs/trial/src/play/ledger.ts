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
    this.#forget(id, step);
    this.#entries.push({ environment, step, state: 'entered', run: { id }, event: { ...event }, env, deployedAt: now.toISOString() });
  }

  markGood(run: string): void {
    for (const entry of this.#entries) if (entry.run.id === run && entry.state === 'entered') entry.state = 'good';
  }

  markReverted(run: string, step: string): void {
    for (const entry of this.#entries) if (entry.run.id === run && entry.step === step) entry.state = 'reverted';
  }

  /** Nothing of a run that people roll back is to be returned to, however that ends. */
  doubt(run: string): void {
    for (const entry of this.#entries) if (entry.run.id === run && entry.state === 'good') entry.state = 'entered';
  }

  /** A step that is done again takes the place of what it had done. */
  #forget(run: string, step: string): void {
    const at = this.#entries.findIndex((entry) => entry.run.id === run && entry.step === step);
    if (at >= 0) this.#entries.splice(at, 1);
  }

  /** What runs other than this one did to each environment. */
  seenBy(run: string): Record<string, EnvironmentHistory> {
    const others = this.#entries.filter((entry) => entry.run.id !== run).reverse();
    return Object.fromEntries([...new Set(others.map(({ environment }) => environment))].map((environment) => {
      const here = others.filter((entry) => entry.environment === environment);
      const good = here.find(({ state }) => state === 'good');
      const latest = here.find(({ state }) => state !== 'reverted');
      return [environment, { ...(good && { lastGood: lastGood(good) }), ...(latest && { latest: { run: latest.run.id, at: latest.deployedAt } }) }];
    }));
  }
}

const lastGood = ({ run, event, env, deployedAt }: Entry): LastGood => ({ run, event, env, deployedAt });
