import { Injectable } from '@nestjs/common';
import { sleep } from './backoff.js';
import { messageOf } from './errors.js';

/** A check that hangs is one that fails: whoever probes us does not wait for long. */
const CHECK_MS = 1_500;

export type ReadinessCheck = () => void | Promise<void>;

export interface ReadinessReport {
  ready: boolean;
  /** Per check: `ok`, or why it is not. */
  checks: Record<string, string>;
}

/** What must hold before this process takes work; a throwing check = not ready, its message is the reason shown. */
@Injectable()
export class Readiness {
  readonly #checks = new Map<string, ReadinessCheck>();
  #alternatives: readonly (readonly string[])[] = [];

  register(name: string, check: ReadinessCheck): void {
    this.#checks.set(name, check);
  }

  unregister(name: string): void {
    this.#checks.delete(name);
  }

  /**
   * Of these groups of checks, one that holds is enough: `[['nats', 'topology'], ['database']]` is ready on either.
   * All others still must hold; what does not is shown in any case.
   */
  oneOf(...groups: readonly (readonly string[])[]): void {
    this.#alternatives = groups;
  }

  async report(): Promise<ReadinessReport> {
    const results = await Promise.all([...this.#checks].map(async ([name, check]) => [name, await outcomeOf(check)] as const));
    const checks = Object.fromEntries(results);
    return { ready: this.#suffices(checks), checks };
  }

  #suffices(checks: Readonly<Record<string, string>>): boolean {
    const holds = (name: string): boolean => checks[name] === 'ok';
    const either = new Set(this.#alternatives.flat());
    return Object.keys(checks).every((name) => either.has(name) || holds(name))
      && (either.size === 0 || this.#alternatives.some((group) => group.every(holds)));
  }
}

async function outcomeOf(check: ReadinessCheck): Promise<string> {
  const patience = new AbortController();
  const late = sleep(CHECK_MS, patience.signal).then(() => `no answer within ${CHECK_MS} ms`);
  try {
    return await Promise.race([Promise.resolve(check()).then(() => 'ok'), late]);
  } catch (error) {
    return messageOf(error);
  } finally {
    patience.abort();
  }
}
