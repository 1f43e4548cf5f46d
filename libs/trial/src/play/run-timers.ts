import type { RunRecord, Timer } from '@stellwerk/flows';
import { CannotSimulate } from './cannot-simulate.js';

interface Running {
  key: string;
  due: Date;
  timer: Timer;
}

/** The clocks of one run. */
export class RunTimers {
  readonly #timers = new Map<string, Running>();

  set({ key, due, timer }: Running): void {
    this.#timers.set(key, { key, due, timer });
  }

  clear(key: string): void {
    this.#timers.delete(key);
  }

  /** The one that strikes first; undefined when none runs. */
  get next(): Running | undefined {
    return [...this.#timers.values()].sort((a, b) => a.due.getTime() - b.due.getTime())[0];
  }

  /** The same, which strikes now. Throws CannotSimulate. */
  take(): Running | undefined {
    const { next } = this;
    if (!next) return undefined;
    if (!['flow-timeout', 'attempt-timeout', 'retry', 'gate'].includes(next.timer.kind)) throw new CannotSimulate(`a clock of the kind ${next.timer.kind}`);
    this.#timers.delete(next.key);
    return next;
  }

  /** Time goes on by itself while a step runs for ever or pauses before its next attempt. Where a person is awaited, the run rests. */
  isNeededBy({ steps }: RunRecord): boolean {
    const pauses = [...this.#timers.values()].some(({ timer }) => timer.kind === 'retry');
    return pauses || steps.some(({ run, rollback }) => run.state === 'running' || rollback?.state === 'running' || isOnlyTime(run.gate?.kind));
  }
}

/** It waits for nothing but that time goes by. */
const isOnlyTime = (gate: string | undefined): boolean => gate === 'time' || gate === 'freeze';
