import { Injectable } from '@nestjs/common';
import { messageOf } from './errors.js';

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

  register(name: string, check: ReadinessCheck): void {
    this.#checks.set(name, check);
  }

  unregister(name: string): void {
    this.#checks.delete(name);
  }

  async report(): Promise<ReadinessReport> {
    const results = await Promise.all([...this.#checks].map(async ([name, check]) => [name, await outcomeOf(check)] as const));
    return { ready: results.every(([, text]) => text === 'ok'), checks: Object.fromEntries(results) };
  }
}

async function outcomeOf(check: ReadinessCheck): Promise<string> {
  try {
    await check();
    return 'ok';
  } catch (error) {
    return messageOf(error);
  }
}
