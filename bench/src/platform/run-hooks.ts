import { ClientPool } from '../load/client-pool.ts';
import { hookRequest } from '../load/hook-body.ts';
import type { Run } from './runs.ts';

export interface HookTarget {
  readonly ports: readonly number[];
  readonly path: string;
  readonly secret: string;
}

/** Sends the three webhooks of a run's life. */
export class RunHooks {
  readonly #pool: ClientPool;
  /** Answers by status. */
  readonly statuses: Record<string, number> = {};

  readonly #target: HookTarget;
  readonly #runMs: number;

  constructor(target: HookTarget, runMs: number) {
    this.#target = target;
    this.#runMs = runMs;
    this.#pool = new ClientPool(target.ports, 64);
  }

  /** `ended` is called when the last of them was accepted. */
  follow(run: Run, ended: () => void): void {
    this.#send(run, 'requested');
    setTimeout(() => this.#move(run, 'in_progress'), this.#runMs / 2);
    setTimeout(() => this.#move(run, 'completed', ended), this.#runMs);
  }

  #move(run: Run, to: 'in_progress' | 'completed', then?: () => void): void {
    run.status = to;
    this.#send(run, to, then);
  }

  #send(run: Run, action: 'requested' | 'in_progress' | 'completed', then?: () => void): void {
    const request = hookRequest({ id: run.id, action, dispatched: { title: run.title } }, { ...this.#target, host: '127.0.0.1' });
    this.#pool.send(request, (status) => {
      this.statuses[status] = (this.statuses[status] ?? 0) + 1;
      then?.();
    });
  }
}
